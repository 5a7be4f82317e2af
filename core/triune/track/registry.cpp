// SPDX-License-Identifier: Apache-2.0
#include <triune/track/registry.hpp>

#include <algorithm>
#include <iterator>
#include <thread>
#include <utility>

namespace triune {

Registry::Registry() : lists_(std::make_shared<OpenLists>()) {}

Registry::~Registry() = default;

// Counts a change of an allocation's bytes, in the totals and in every scope that sees this thread.
inline void Registry::change_total(std::size_t from, std::size_t to, std::size_t MemoryFigures::* count,
                                   std::size_t ScopeFigures::* scope_count) noexcept {
    figures_.total_allocated_bytes += to - from;  // wraps to a subtraction where it shrinks
    figures_.peak_allocated_bytes = std::max(figures_.peak_allocated_bytes, figures_.total_allocated_bytes);
    ++(figures_.*count);
    if (!scopes_.empty()) tell_scopes(from, to, scope_count);
}

inline void Registry::enter_locked(TrackedAllocation& allocation, std::size_t bytes) {
    ledger_.add(allocation, bytes);
    allocation.id_ = ++last_id_;
    allocation.thread_ = std::this_thread::get_id();
    if (is_buffer(allocation.kind_)) ++figures_.buffer_count;
    if (bytes == 0) return;
    allocation.capacity_.store(bytes, std::memory_order_relaxed);
    if (allocation.kind_ == OwnerKind::alias) return;
    change_total(0, bytes, &MemoryFigures::allocation_count, &ScopeFigures::allocation_count);
}

void Registry::add(TrackedAllocation& allocation, std::size_t bytes) {
    if (tracing_.load(std::memory_order_relaxed)) allocation.note_stack(StackTrace::capture(1));
    const std::lock_guard guard(lock());
    enter_locked(allocation, bytes);
}

bool Registry::add_named(TrackedAllocation& allocation, const NameKey& name, std::size_t bytes) {
    if (tracing_.load(std::memory_order_relaxed)) allocation.note_stack(StackTrace::capture(1));
    const std::lock_guard guard(lock());
    if (!names_.enter(allocation, name)) return false;
    try {
        enter_locked(allocation, bytes);
    } catch (...) {
        names_.take(name);
        throw;
    }
    // Nobody else knows of it before the lock is given back, so this needs no exchange.
    allocation.owners_.store(allocation.owners_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    return true;
}

void Registry::tell_scopes(std::size_t from, std::size_t to, std::size_t ScopeFigures::* count) noexcept {
    const std::thread::id here = std::this_thread::get_id();
    for (ScopeTally& scope : scopes_) {
        if (!scope.sees(here)) continue;
        ++(scope.figures_.*count);
        if (to > from) scope.add(to - from);
        if (from > to) scope.figures_.freed_bytes += from - to;
    }
}

void Registry::resized(TrackedAllocation& allocation, std::size_t bytes) noexcept {
    const std::lock_guard guard(lock());
    const std::size_t before = allocation.capacity_.load(std::memory_order_relaxed);
    allocation.capacity_.store(bytes, std::memory_order_relaxed);
    if (!allocation.listed()) return;
    Ledger::set_bytes(allocation, bytes, before != 0);
    if (allocation.kind_ == OwnerKind::alias) return;
    if (before == 0) {
        change_total(0, bytes, &MemoryFigures::allocation_count, &ScopeFigures::allocation_count);
    } else {
        change_total(before, bytes, &MemoryFigures::resize_count, &ScopeFigures::resize_count);
    }
}

void Registry::piece_added(TrackedAllocation& allocation, std::size_t bytes) noexcept {
    const std::lock_guard guard(lock());
    const std::size_t before = allocation.capacity_.fetch_add(bytes);
    Ledger::set_bytes(allocation, before + bytes, false);
    change_total(before, before + bytes, &MemoryFigures::allocation_count, &ScopeFigures::allocation_count);
}

void Registry::piece_removed(TrackedAllocation& allocation, std::size_t bytes) noexcept {
    const std::lock_guard guard(lock());
    const std::size_t before = allocation.capacity_.fetch_sub(bytes);
    Ledger::set_bytes(allocation, before - bytes, false);
    change_total(before, before - bytes, &MemoryFigures::free_count, &ScopeFigures::free_count);
}

// The last line may destroy this.
void Registry::take_out(TrackedAllocation& allocation, MemoryLimit* counted) noexcept {
    std::shared_ptr<void> last;
    const std::lock_guard guard(lock());
    const std::size_t bytes = allocation.capacity_.load(std::memory_order_relaxed);
    allocation.capacity_.store(0, std::memory_order_relaxed);
    allocation.size_.store(0, std::memory_order_relaxed);
    if (allocation.listed()) {
        ledger_.remove(allocation);
        Listing::keep_where_listed(*lists_, allocation);
        if (is_buffer(allocation.kind_)) --figures_.buffer_count;
        if (allocation.kind_ != OwnerKind::alias && bytes > 0) {
            change_total(bytes, 0, &MemoryFigures::free_count, &ScopeFigures::free_count);
        }
        if (ledger_.size() == 0 && held_ != nullptr) last.swap(held_);
    }
    if (counted != nullptr && bytes > 0) counted->subtract(bytes);
}

void Registry::hold_while_listed(std::shared_ptr<void> held) noexcept {
    const std::lock_guard guard(lock());
    if (ledger_.size() > 0) held_.swap(held);
}

void Registry::count_transfer() noexcept {
    const std::lock_guard guard(lock());
    ++figures_.async_transfer_count;
}

bool Registry::enter_name(TrackedAllocation& allocation) {
    const NameKey name(allocation.name_);
    const std::lock_guard guard(lock());
    if (!names_.enter(allocation, name)) return false;
    intrusive_ptr_add_ref(&allocation);
    return true;
}

bool Registry::contains(const NameKey& name) const noexcept {
    const std::lock_guard guard(lock());
    return names_.find(name) != nullptr;
}

std::vector<Registry::Owner> Registry::find_if(const std::function<bool(const TrackedAllocation&)>& chosen) const {
    std::vector<Owner> found;
    const std::lock_guard guard(lock());
    names_.for_each([&](TrackedAllocation& each) {
        if (chosen(each)) found.emplace_back(&each);
    });
    return found;
}

Registry::Owner Registry::take_name_of(TrackedAllocation& allocation) noexcept {
    const NameKey name(allocation.name_);
    const std::lock_guard guard(lock());
    return {names_.find(name) == &allocation ? names_.take(name) : nullptr, false};
}

Registry::Owner Registry::take_any() noexcept {
    const std::lock_guard guard(lock());
    return {names_.take_any(), false};
}

MemoryFigures Registry::figures() const noexcept {
    const std::lock_guard guard(lock());
    return figures_;
}

std::size_t Registry::total_bytes() const noexcept {
    const std::lock_guard guard(lock());
    return figures_.total_allocated_bytes;
}

void Registry::reset_peak() noexcept {
    const std::lock_guard guard(lock());
    figures_.peak_allocated_bytes = figures_.total_allocated_bytes;
}

// Memory is found before the lock is taken, and the order after it is given back; where allocations have come
// meanwhile, again.
template <typename Chosen>
AllocationList Registry::list(Chosen&& chosen, MemoryFigures* figures) const {
    auto listing = std::make_shared<Listing>(lists_);
    for (std::size_t count = 0;;) {
        {
            const std::lock_guard guard(lock());
            count = ledger_.size();
            if (count <= listing->room()) {
                listing->copy(ledger_, last_id_, chosen);
                if (figures != nullptr) *figures = figures_;
                break;
            }
        }
        listing->reserve(count + count / 32 + 8);
    }
    listing->sort();
    return AllocationList(std::move(listing));
}

AllocationList Registry::records(Filter filter) const {
    if (filter == Filter::all) {
        return list([](const LedgerPage&, std::size_t) { return true; });
    }
    return list([](const LedgerPage& page, std::size_t place) {
        const std::uint8_t nature = page.nature[place];
        return nature == LedgerPage::nature_of(OwnerKind::typed, true) ||
               nature == LedgerPage::nature_of(OwnerKind::alias, true);
    });
}

Registry::Contents Registry::contents() const {
    Contents contents;
    contents.records = list([](const LedgerPage&, std::size_t) { return true; }, &contents.figures);
    return contents;
}

Statistics Registry::statistics() const {
    Statistics statistics;
    const std::lock_guard guard(lock());
    static_cast<MemoryFigures&>(statistics) = figures_;
    ledger_.for_each([&](const LedgerPage& page, std::size_t place) {
        if (page.has_name(place) && is_buffer(page.kind(place))) {
            statistics.buffer_stats.push_back(page.allocation[place]->stats());
        }
    });
    return statistics;
}

std::string Registry::top_holders(std::size_t count) const {
    const AllocationList all = list([](const LedgerPage& page, std::size_t place) {
        return page.kind(place) != OwnerKind::alias && page.bytes[place] > 0;
    });
    std::string text;
    for (std::size_t i = 0; i < std::min(count, all.size()); ++i) {
        if (!text.empty()) text += ", ";
        text += all[i].describe();
    }
    return text.empty() ? "nothing" : text;
}

void Registry::open(ScopeTally& scope) noexcept {
    const std::lock_guard guard(lock());
    scope.before_ = last_id_;
    scope.open_ = true;
    scopes_.push_back(scope);
}

void Registry::close(ScopeTally& scope) noexcept {
    const std::lock_guard guard(lock());
    if (!scope.open_) return;
    scope.last_ = last_id_;
    scope.open_ = false;
    scopes_.erase(scopes_.iterator_to(scope));
}

ScopeFigures Registry::figures(const ScopeTally& scope) const noexcept {
    const std::lock_guard guard(lock());
    return scope.figures_;
}

AllocationList Registry::records(const ScopeTally& scope) const {
    return list([&](const LedgerPage& page, std::size_t place) {
        const TrackedAllocation& each = *page.allocation[place];
        const std::uint64_t last = scope.open_ ? last_id_ : scope.last_;
        return each.id_ > scope.before_ && each.id_ <= last && scope.sees(each.thread_);
    });
}

}  // namespace triune
