// SPDX-License-Identifier: Apache-2.0
#include <triune/detail/track/registry.hpp>

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace triune {

// The order of Note [Books in shards].
class Registry::AllLocked {
  public:
    explicit AllLocked(const Registry& registry) noexcept : registry_(registry) { registry_.lock_all(); }
    AllLocked(const AllLocked&) = delete;
    AllLocked& operator=(const AllLocked&) = delete;
    ~AllLocked() { registry_.unlock_all(); }

  private:
    const Registry& registry_;
};

void Registry::lock_all() const noexcept {
    shards_.lock_all();
    tallies_.lock_all();
}

void Registry::unlock_all() const noexcept {
    tallies_.unlock_all();
    shards_.unlock_all();
}

namespace {

std::uint32_t next_registry() noexcept {
    static constinit std::atomic<std::uint32_t> last{0};
    return last.fetch_add(1, std::memory_order_relaxed) + 1;
}

}  // namespace

Registry::Registry() : lists_(std::make_shared<OpenLists>()), number_(next_registry()) {}

Registry::~Registry() = default;

// What is counted in the totals is told to every scope that sees this thread.
inline void Registry::count_allocation(ThreadTally& tally, std::size_t bytes) noexcept {
    ++tally.allocations;
    tallies_.raise(tally, bytes);
    if (scopes_open_.load(std::memory_order_relaxed)) tell_scopes(0, bytes, &ScopeFigures::allocation_count);
}

inline void Registry::count_free(ThreadTally& tally, std::size_t bytes) noexcept {
    ++tally.frees;
    tallies_.lower(tally, bytes);
    if (scopes_open_.load(std::memory_order_relaxed)) tell_scopes(bytes, 0, &ScopeFigures::free_count);
}

inline void Registry::count_resize(ThreadTally& tally, std::size_t from, std::size_t to) noexcept {
    ++tally.resizes;
    to > from ? tallies_.raise(tally, to - from) : tallies_.lower(tally, from - to);
    if (scopes_open_.load(std::memory_order_relaxed)) tell_scopes(from, to, &ScopeFigures::resize_count);
}

void Registry::tell_scopes(std::size_t from, std::size_t to, std::size_t ScopeFigures::* count) noexcept {
    const std::thread::id here = std::this_thread::get_id();
    const std::lock_guard guard(scopes_lock_);
    for (ScopeTally& scope : scopes_) {
        if (!scope.sees(here)) continue;
        ++(scope.figures_.*count);
        if (to > from) scope.add(to - from);
        if (from > to) scope.figures_.freed_bytes += from - to;
    }
}

inline void Registry::enter(TrackedAllocation& allocation, std::size_t bytes) {
    ThreadTally& tally = tallies_.counting();
    const std::size_t number = shards_.number_of_thread();
    LedgerShard& shard = shards_[number];
    const std::lock_guard guard(shard.lock);
    shard.ledger.add(allocation, bytes);
    allocation.shard_ = static_cast<std::uint8_t>(number);
    allocation.id_ = shard.ids.next(last_id_, allocation.created_);
    allocation.thread_ = std::this_thread::get_id();
    if (is_buffer(allocation.kind_)) ++shard.buffer_count;
    if (bytes == 0) return;
    allocation.capacity_.store(bytes, std::memory_order_relaxed);
    if (allocation.kind_ == OwnerKind::alias) return;
    const TallyLock lock(tally);
    count_allocation(tally, bytes);
}

void Registry::add(TrackedAllocation& allocation, std::size_t bytes) {
    if (tracing_.load(std::memory_order_relaxed)) allocation.note_stack(StackTrace::capture(1));
    enter(allocation, bytes);
}

bool Registry::add_named(TrackedAllocation& allocation, const NameKey& name, std::size_t bytes) {
    if (tracing_.load(std::memory_order_relaxed)) allocation.note_stack(StackTrace::capture(1));
    return names_.enter(allocation, name, [&] { enter(allocation, bytes); });
}

bool Registry::enter_name(TrackedAllocation& allocation) {
    return names_.enter(allocation, NameKey(allocation.name_), [] {});
}

void Registry::resized(TrackedAllocation& allocation, std::size_t bytes) noexcept {
    ThreadTally& tally = tallies_.counting();
    const std::lock_guard guard(shards_[allocation.shard_].lock);
    const std::size_t before = allocation.capacity_.load(std::memory_order_relaxed);
    allocation.capacity_.store(bytes, std::memory_order_relaxed);
    if (!allocation.listed()) return;
    Ledger::set_bytes(allocation, bytes, before != 0);
    if (allocation.kind_ == OwnerKind::alias) return;
    const TallyLock lock(tally);
    before == 0 ? count_allocation(tally, bytes) : count_resize(tally, before, bytes);
}

void Registry::add(TrackedPieces& pieces) {
    add(static_cast<TrackedAllocation&>(pieces));
    const std::lock_guard guard(pieces_lock_);
    pieces.next_pieces_ = std::exchange(pieces_, &pieces);
}

void Registry::piece_added(TrackedPieces& pieces, TrackedPieces::Part& part, std::size_t bytes) noexcept {
    ThreadTally& tally = tallies_.counting(*part.tally);
    const TallyLock lock(tally);
    pieces.raise(part, bytes);
    count_allocation(tally, bytes);
}

template <typename ChangeIt>
inline void Registry::count_and_subtract(ThreadTally& mine, MemoryLimit* counted, ChangeIt&& change) noexcept {
    ThreadTally& tally = tallies_.counting(mine);
    std::size_t bytes = 0;
    {
        const TallyLock lock(tally);
        bytes = change(tally);
        if (counted == nullptr || bytes == 0) return;
        if (&tally == &mine) return counted->subtract_locked(bytes, mine);
    }
    counted->subtract(bytes, mine);
}

void Registry::piece_removed(TrackedPieces& pieces, TrackedPieces::Part& part, std::size_t bytes,
                             MemoryLimit& counted) noexcept {
    count_and_subtract(*part.tally, &counted, [&](ThreadTally& tally) {
        pieces.lower(part, bytes);
        count_free(tally, bytes);
        return bytes;
    });
}

void Registry::remove(TrackedPieces& pieces) noexcept {
    {
        const std::lock_guard guard(pieces_lock_);
        TrackedPieces** link = &pieces_;
        while (*link != nullptr && *link != &pieces) link = &(*link)->next_pieces_;
        if (*link != nullptr) *link = pieces.next_pieces_;
    }
    unlist(pieces, nullptr);
}

// Under the shard's lock. Answers the bytes that it had.
inline std::size_t Registry::unlist_from(LedgerShard& shard, TrackedAllocation& allocation,
                                         ThreadTally& tally) noexcept {
    const std::size_t bytes = allocation.capacity_.load(std::memory_order_relaxed);
    allocation.capacity_.store(0, std::memory_order_relaxed);
    allocation.size_.store(0, std::memory_order_relaxed);
    if (!allocation.listed()) return bytes;
    shard.ledger.remove(allocation);
    Listing::keep_where_listed(*lists_, allocation);
    if (is_buffer(allocation.kind_)) --shard.buffer_count;
    if (allocation.kind_ == OwnerKind::alias || bytes == 0) return bytes;
    count_free(tally, bytes);
    return bytes;
}

void Registry::unlist(TrackedAllocation& allocation, MemoryLimit* counted) noexcept {
    ThreadTally& mine = tallies_.own();
    {
        LedgerShard& shard = shards_[allocation.shard_];
        const std::lock_guard guard(shard.lock);
        if (!holding_.load(std::memory_order_relaxed)) {
            return count_and_subtract(mine, counted,
                                      [&](ThreadTally& tally) { return unlist_from(shard, allocation, tally); });
        }
    }
    const std::shared_ptr<void> last = unlist_while_held(allocation, mine, counted);
}

// As long as the allocation is in the registry they are there, and with the last one they may go: so all is done under
// all locks, and what is held goes after them.
std::shared_ptr<void> Registry::unlist_while_held(TrackedAllocation& allocation, ThreadTally& mine,
                                                  MemoryLimit* counted) noexcept {
    std::shared_ptr<void> last;
    const AllLocked guard(*this);
    const std::size_t bytes = unlist_from(shards_[allocation.shard_], allocation, tallies_.counting(mine));
    if (counted != nullptr && bytes > 0) counted->subtract_locked(bytes, mine);
    if (shards_.size() == 0) last.swap(held_);
    return last;
}

void Registry::hold_while_listed(std::shared_ptr<void> held) noexcept {
    const AllLocked guard(*this);
    if (shards_.size() == 0) return;
    held_.swap(held);
    holding_.store(true, std::memory_order_relaxed);
}

void Registry::count_transfer() noexcept {
    ThreadTally& tally = tallies_.counting();
    const TallyLock lock(tally);
    ++tally.transfers;
}

std::vector<Registry::Owner> Registry::find_if(const std::function<bool(const TrackedAllocation&)>& chosen) const {
    std::vector<Owner> found;
    names_.for_each([&](TrackedAllocation& each) {
        if (chosen(each)) found.emplace_back(&each);
    });
    return found;
}

Registry::Owner Registry::extract_name_of(TrackedAllocation& allocation) noexcept {
    return names_.extract_if(NameKey(allocation.name_), allocation);
}

void Registry::read(MemoryFigures& figures) const noexcept {
    figures = {};
    tallies_.read(figures);
    figures.buffer_count = shards_.buffer_count();
}

// What consists of pieces is counted by threads, and stands in the ledger as of the last time that anybody looked.
void Registry::write_down_pieces() const noexcept {
    for (TrackedPieces* each = pieces_; each != nullptr; each = each->next_pieces_) {
        if (!each->listed()) continue;
        Ledger::set_bytes(*each, each->peak_bytes(), false);  // which the ledger keeps as the highest
        Ledger::set_bytes(*each, each->piece_bytes(), false);
    }
}

MemoryFigures Registry::figures() const noexcept {
    MemoryFigures figures;
    const AllLocked guard(*this);
    read(figures);
    return figures;
}

void Registry::reset_peak() noexcept {
    const AllLocked guard(*this);
    tallies_.reset_peak();
}

void Registry::set_exact_peak(bool on) noexcept {
    const AllLocked guard(*this);
    tallies_.set_exact(on);
}

// Memory is found before the locks are taken, and the order after they are given back; where allocations have come
// meanwhile, again.
template <typename Chosen>
AllocationList Registry::list(Chosen&& chosen, MemoryFigures* figures) const {
    auto listing = std::make_shared<Listing>(lists_);
    for (std::size_t count = 0;;) {
        {
            const AllLocked guard(*this);
            count = shards_.size();
            if (count <= listing->room()) {
                {
                    const std::lock_guard pieces(pieces_lock_);
                    write_down_pieces();
                }
                shards_.begin_new_ids();
                shards_.for_each([&](const LedgerShard& shard) { listing->copy(shard.ledger, chosen); });
                listing->open(last_id_.load(std::memory_order_relaxed));
                if (figures != nullptr) read(*figures);
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
    std::vector<const TrackedAllocation*> named;
    const AllLocked guard(*this);
    read(statistics);
    shards_.for_each([&](const LedgerShard& shard) {
        shard.ledger.for_each([&](const LedgerPage& page, std::size_t place) {
            if (page.has_name(place) && is_buffer(page.kind(place))) named.push_back(page.allocation[place]);
        });
    });
    const auto older = [](const TrackedAllocation* a, const TrackedAllocation* b) { return a->id_ < b->id_; };
    if (!std::is_sorted(named.begin(), named.end(), older)) std::sort(named.begin(), named.end(), older);
    statistics.buffer_stats.reserve(named.size());
    for (const TrackedAllocation* const each : named) statistics.buffer_stats.push_back(each->stats());
    return statistics;
}

std::vector<AllocationRecord> Registry::top_holders(std::size_t count) const {
    const AllocationList all = list([](const LedgerPage& page, std::size_t place) {
        return page.kind(place) != OwnerKind::alias && page.bytes[place] > 0;
    });
    std::vector<AllocationRecord> top;
    for (std::size_t i = 0; i < std::min(count, all.size()); ++i) top.push_back(all[i]);
    return top;
}

void Registry::open(ScopeTally& scope) noexcept {
    const AllLocked guard(*this);
    shards_.begin_new_ids();
    scope.before_ = last_id_.load(std::memory_order_relaxed);
    scope.open_ = true;
    const std::lock_guard scopes(scopes_lock_);
    scopes_.push_back(scope);
    scopes_open_.store(true, std::memory_order_relaxed);
}

void Registry::close(ScopeTally& scope) noexcept {
    const AllLocked guard(*this);
    if (!scope.open_) return;
    shards_.begin_new_ids();
    scope.last_ = last_id_.load(std::memory_order_relaxed);
    scope.open_ = false;
    const std::lock_guard scopes(scopes_lock_);
    scopes_.erase(scopes_.iterator_to(scope));
    scopes_open_.store(!scopes_.empty(), std::memory_order_relaxed);
}

ScopeFigures Registry::figures(const ScopeTally& scope) const noexcept {
    const std::lock_guard guard(scopes_lock_);
    return scope.figures_;
}

AllocationList Registry::records(const ScopeTally& scope) const {
    return list([&](const LedgerPage& page, std::size_t place) {
        const TrackedAllocation& each = *page.allocation[place];
        const std::uint64_t last = scope.open_ ? last_id_.load(std::memory_order_relaxed) : scope.last_;
        return each.id_ > scope.before_ && each.id_ <= last && scope.sees(each.thread_);
    });
}

void Registry::lock_for_fork() noexcept {
    names_.lock_for_fork();
    lock_all();
    pieces_lock_.lock();
    for (TrackedPieces* each = pieces_; each != nullptr; each = each->next_pieces_) each->lock_for_fork();
    scopes_lock_.lock();
    lists_->lock.lock();
}

void Registry::unlock_after_fork() noexcept {
    lists_->lock.unlock();
    scopes_lock_.unlock();
    for (TrackedPieces* each = pieces_; each != nullptr; each = each->next_pieces_) each->unlock_after_fork();
    pieces_lock_.unlock();
    unlock_all();
    names_.unlock_after_fork();
}

}  // namespace triune
