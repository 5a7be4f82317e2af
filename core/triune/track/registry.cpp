#include <triune/track/registry.hpp>

#include <algorithm>
#include <thread>

#include <triune/track/name_index.hpp>

namespace triune {
namespace {

bool more_bytes(const AllocationRecord& a, const AllocationRecord& b) noexcept { return a.bytes > b.bytes; }

// Most bytes first; `records` come in the order of creation, which equal ones keep.
std::vector<AllocationRecord> sorted(std::vector<AllocationRecord> records) {
    if (!std::ranges::is_sorted(records, more_bytes)) std::ranges::stable_sort(records, more_bytes);
    return records;
}

}  // namespace

Registry::Registry() : names_(std::make_unique<NameIndex>()) {}

Registry::~Registry() = default;

void Registry::add(TrackedAllocation& allocation) {
    if (tracing_.load(std::memory_order_relaxed)) allocation.note_stack(StackTrace::capture(1));
    allocation.thread_ = std::this_thread::get_id();
    const std::lock_guard lock(mutex_);
    allocation.id_ = ++last_id_;
    in_order_.push_back(allocation);
    allocation.listed_ = true;
    if (is_buffer(allocation.kind_)) ++figures_.buffer_count;
}

// Counts a change of an allocation's bytes, in the totals and in every scope that sees this thread.
void Registry::change_total(std::size_t from, std::size_t to, std::size_t MemoryFigures::* count,
                            std::size_t ScopeFigures::* scope_count) noexcept {
    figures_.total_allocated_bytes += to - from;  // wraps to a subtraction where it shrinks
    figures_.peak_allocated_bytes = std::max(figures_.peak_allocated_bytes, figures_.total_allocated_bytes);
    ++(figures_.*count);
    if (scopes_.empty()) return;
    const std::thread::id here = std::this_thread::get_id();
    for (ScopeTally& scope : scopes_) {
        if (!scope.sees(here)) continue;
        ++(scope.figures_.*scope_count);
        if (to > from) scope.add(to - from);
        if (from > to) scope.figures_.freed_bytes += from - to;
    }
}

void Registry::resized(TrackedAllocation& allocation, std::size_t bytes) noexcept {
    const std::lock_guard lock(mutex_);
    const std::size_t before = allocation.capacity_.load(std::memory_order_relaxed);
    allocation.capacity_ = bytes;
    allocation.peak_bytes_ = std::max(allocation.peak_bytes_, bytes);
    if (before != 0) ++allocation.resizes_;
    if (!allocation.listed_ || allocation.kind_ == OwnerKind::alias) return;
    if (before == 0) {
        change_total(0, bytes, &MemoryFigures::allocation_count, &ScopeFigures::allocation_count);
    } else {
        change_total(before, bytes, &MemoryFigures::resize_count, &ScopeFigures::resize_count);
    }
}

void Registry::piece_added(TrackedAllocation& allocation, std::size_t bytes) noexcept {
    const std::lock_guard lock(mutex_);
    const std::size_t before = allocation.capacity_.fetch_add(bytes);
    allocation.peak_bytes_ = std::max(allocation.peak_bytes_, before + bytes);
    change_total(before, before + bytes, &MemoryFigures::allocation_count, &ScopeFigures::allocation_count);
}

void Registry::piece_removed(TrackedAllocation& allocation, std::size_t bytes) noexcept {
    const std::lock_guard lock(mutex_);
    const std::size_t before = allocation.capacity_.fetch_sub(bytes);
    change_total(before, before - bytes, &MemoryFigures::free_count, &ScopeFigures::free_count);
}

void Registry::remove(TrackedAllocation& allocation) noexcept {
    const std::lock_guard lock(mutex_);
    if (!allocation.listed_) return;
    in_order_.erase(in_order_.iterator_to(allocation));
    allocation.listed_ = false;
    const std::size_t bytes = allocation.capacity_.exchange(0);
    allocation.size_ = 0;
    if (is_buffer(allocation.kind_)) --figures_.buffer_count;
    if (allocation.kind_ == OwnerKind::alias) return;
    if (bytes > 0) change_total(bytes, 0, &MemoryFigures::free_count, &ScopeFigures::free_count);
}

void Registry::count_transfer() noexcept {
    const std::lock_guard lock(mutex_);
    ++figures_.async_transfer_count;
}

bool Registry::enter_name(TrackedAllocation& allocation) {
    const std::lock_guard lock(mutex_);
    if (!names_->enter(allocation)) return false;
    intrusive_ptr_add_ref(&allocation);
    return true;
}

Registry::Owner Registry::find(std::string_view name) const noexcept {
    const std::lock_guard lock(mutex_);
    return names_->find(name);
}

bool Registry::contains(std::string_view name) const noexcept {
    const std::lock_guard lock(mutex_);
    return names_->find(name) != nullptr;
}

Registry::Owner Registry::take(std::string_view name) noexcept {
    const std::lock_guard lock(mutex_);
    TrackedAllocation* const found = names_->find(name);
    if (found != nullptr) names_->erase(*found);
    return {found, false};
}

std::vector<Registry::Owner> Registry::take_if(const std::function<bool(TrackedAllocation&)>& chosen) {
    std::vector<Owner> taken;
    const std::lock_guard lock(mutex_);
    taken.reserve(names_->size());
    names_->erase_if(chosen, [&](TrackedAllocation& each) { taken.emplace_back(&each, false); });
    return taken;
}

Registry::Owner Registry::take_any() noexcept {
    const std::lock_guard lock(mutex_);
    TrackedAllocation* const found = names_->any();
    if (found != nullptr) names_->erase(*found);
    return {found, false};
}

MemoryFigures Registry::figures() const noexcept {
    const std::lock_guard lock(mutex_);
    return figures_;
}

std::size_t Registry::total_bytes() const noexcept {
    const std::lock_guard lock(mutex_);
    return figures_.total_allocated_bytes;
}

void Registry::reset_peak() noexcept {
    const std::lock_guard lock(mutex_);
    figures_.peak_allocated_bytes = figures_.total_allocated_bytes;
}

AllocationRecord Registry::record_of(const TrackedAllocation& allocation) noexcept {
    AllocationRecord record(allocation);
    record.resizes = allocation.resizes_;
    record.bytes = allocation.capacity_.load(std::memory_order_relaxed);
    record.peak_bytes = allocation.peak_bytes_;
    return record;
}

template <typename Chosen>
std::vector<AllocationRecord> Registry::list_locked(Chosen&& chosen) const {
    std::vector<AllocationRecord> records;
    records.reserve(in_order_.size());
    for (const TrackedAllocation& each : in_order_) {
        if (chosen(each)) records.push_back(record_of(each));
    }
    return records;
}

std::vector<AllocationRecord> Registry::records(Filter filter) const {
    const auto chosen = [filter](const TrackedAllocation& each) {
        const bool typed = each.kind_ == OwnerKind::typed || each.kind_ == OwnerKind::alias;
        return filter == Filter::all || (each.has_name_ && typed);
    };
    std::unique_lock lock(mutex_);
    auto records = list_locked(chosen);
    lock.unlock();
    return sorted(std::move(records));
}

Registry::Contents Registry::contents() const {
    Contents contents;
    {
        const std::lock_guard lock(mutex_);
        contents.figures = figures_;
        contents.records = list_locked([](const TrackedAllocation&) { return true; });
    }
    contents.records = sorted(std::move(contents.records));
    return contents;
}

Statistics Registry::statistics() const {
    Statistics statistics;
    const std::lock_guard lock(mutex_);
    static_cast<MemoryFigures&>(statistics) = figures_;
    for (const TrackedAllocation& each : in_order_) {
        if (each.has_name_ && is_buffer(each.kind_)) statistics.buffer_stats.push_back(each.stats());
    }
    return statistics;
}

std::string Registry::top_holders(std::size_t count) const {
    std::unique_lock lock(mutex_);
    auto records = list_locked([](const TrackedAllocation& each) { return each.kind_ != OwnerKind::alias; });
    lock.unlock();
    const auto shown = records.begin() + static_cast<std::ptrdiff_t>(std::min(count, records.size()));
    std::ranges::partial_sort(records, shown, more_bytes);
    std::string text;
    for (auto each = records.begin(); each != shown; ++each) {
        if (!text.empty()) text += ", ";
        text += each->describe();
    }
    return text.empty() ? "nothing" : text;
}

void Registry::open(ScopeTally& scope) noexcept {
    const std::lock_guard lock(mutex_);
    scope.before_ = last_id_;
    scope.open_ = true;
    scopes_.push_back(scope);
}

void Registry::close(ScopeTally& scope) noexcept {
    const std::lock_guard lock(mutex_);
    if (!scope.open_) return;
    scope.last_ = last_id_;
    scope.open_ = false;
    scopes_.erase(scopes_.iterator_to(scope));
}

ScopeFigures Registry::figures(const ScopeTally& scope) const noexcept {
    const std::lock_guard lock(mutex_);
    return scope.figures_;
}

std::vector<AllocationRecord> Registry::records(const ScopeTally& scope) const {
    std::unique_lock lock(mutex_);
    const std::uint64_t last = scope.open_ ? last_id_ : scope.last_;
    auto records = list_locked([&](const TrackedAllocation& each) {
        return each.id_ > scope.before_ && each.id_ <= last && scope.sees(each.thread_);
    });
    lock.unlock();
    return sorted(std::move(records));
}

}  // namespace triune
