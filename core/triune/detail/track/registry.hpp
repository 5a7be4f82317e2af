// SPDX-License-Identifier: Apache-2.0
// Who owns what, and how much it is: the registry of a manager.
#pragma once

#include <atomic>
#include <boost/intrusive/list.hpp>
#include <boost/smart_ptr/intrusive_ptr.hpp>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <triune/detail/base/fork_guard.hpp>
#include <triune/detail/track/accounting_lock.hpp>
#include <triune/detail/track/ledger_shards.hpp>
#include <triune/detail/track/listing.hpp>
#include <triune/detail/track/memory_limit.hpp>
#include <triune/detail/track/name_table.hpp>
#include <triune/detail/track/scope_tally.hpp>
#include <triune/detail/track/thread_tallies.hpp>
#include <triune/detail/track/tracked_pieces.hpp>
#include <triune/track/allocation_list.hpp>
#include <triune/track/record_filter.hpp>
#include <triune/track/statistics.hpp>
#include <triune/track/tracked_allocation.hpp>

namespace triune {

// Note [Books in shards]
// One lock around the registry made sixteen threads slower than one. So records stand in shards, each under a lock of
// its own; a thread enters into the shard of its number, and whoever removes goes where the record stands. Names have
// shards of their own: NameTable. Figures are counted by threads: see Note [Counting by threads]. Who asks for a list,
// or for figures, takes all locks: so every such answer is of one moment, and figures and records made together agree.
//
// Locks are taken in this order: a name's, shards' (LedgerShards::lock_all() for all), a thread's tally (all of them:
// ThreadTallies::lock_all()), then one of the leaves: scopes, lists, pieces. Nothing else is called while one is held.

// Thread-safe.
class Registry {
  public:
    using Filter = RecordFilter;
    using Owner = boost::intrusive_ptr<TrackedAllocation>;

    Registry();
    Registry(const Registry&) = delete;
    Registry& operator=(const Registry&) = delete;
    ~Registry();
    // This one's among all of the process, from 1.
    std::uint32_t number() const noexcept { return number_; }

    // --- an allocation's life
    // Gives it its id and enters it, with a capacity of `bytes`; once. Throws std::bad_alloc, nothing entered. Ids
    // ascend; of different threads to within a tick of TrackedAllocation::recently().
    void add(TrackedAllocation& allocation, std::size_t bytes = 0);
    // The same of one that only this thread knows of, and enters its name, `name`. False, nothing entered, where that
    // is taken.
    bool add_named(TrackedAllocation& allocation, const NameKey& name, std::size_t bytes);
    // The capacity is `bytes` from now on. From 0 counts as an allocation, else as a resize.
    void resized(TrackedAllocation& allocation, std::size_t bytes) noexcept;
    // The same as add() for what consists of pieces, without any yet.
    void add(TrackedPieces& pieces);
    // One of `bytes` comes, or goes, by the thread whose part it is. Counts as an allocation and as a free.
    void piece_added(TrackedPieces& pieces, TrackedPieces::Part& part, std::size_t bytes) noexcept;
    // Out of `counted`, too.
    void piece_removed(TrackedPieces& pieces, TrackedPieces::Part& part, std::size_t bytes,
                       MemoryLimit& counted) noexcept;
    // Takes it out of the list and the totals; its capacity and size become 0. Nothing where it is out already.
    void remove(TrackedAllocation& allocation) noexcept { unlist(allocation, nullptr); }
    void remove(TrackedPieces& pieces) noexcept;
    // The same, whether it was ever in or not, and its bytes out of `counted`: afterwards, so that the totals never
    // stand above a limit, and before anybody can look. Where all are out, what hold_while_listed() was given goes
    // last.
    void remove(TrackedAllocation& allocation, MemoryLimit& counted) noexcept { unlist(allocation, &counted); }
    // Keeps `held` as long as anything is listed; from then on nothing is added. So allocations that outlive their
    // manager need no count of it each.
    void hold_while_listed(std::shared_ptr<void> held) noexcept;
    // Whether it was given something: then its manager has gone, and something is listed.
    bool is_held() const noexcept { return holding_.load(std::memory_order_relaxed); }
    void count_transfer() noexcept;

    // --- names, each of one allocation, which the registry owns with others until it is taken
    // False, nothing changed, where the name is taken. Throws std::bad_alloc.
    bool enter_name(TrackedAllocation& allocation);
    // Null where there is none.
    Owner find(const NameKey& name) const noexcept { return names_.find(name); }
    bool contains(const NameKey& name) const noexcept { return names_.find(name) != nullptr; }
    Owner extract(const NameKey& name) noexcept { return names_.extract(name); }
    // All that `chosen` says true for; it is called under a lock. Throws std::bad_alloc.
    std::vector<Owner> find_if(const std::function<bool(const TrackedAllocation&)>& chosen) const;
    // Null where its name is not entered, or is another's by now.
    Owner extract_name_of(TrackedAllocation& allocation) noexcept;
    // Any; null when no name is left. Never allocates.
    Owner extract_any() noexcept { return names_.extract_any(); }

    // --- what there is
    MemoryFigures figures() const noexcept;
    // Exact whenever nobody is in a call. Without a lock.
    std::size_t total_bytes() const noexcept { return tallies_.total_bytes(); }
    // The peak is the total again.
    void reset_peak() noexcept;
    // Whether the peak is exact with many threads, which then wait for each other. Off at first: see Note [Peaks of
    // parts]. For calls that begin later.
    void set_exact_peak(bool on) noexcept;
    // Most bytes first, of equal ones the older first.
    AllocationList records(Filter filter = Filter::all) const;
    struct Contents {
        MemoryFigures figures;
        AllocationList records;
    };
    // All records and the figures of the same moment.
    Contents contents() const;
    // The named ones but aliases, oldest first, and the figures of the same moment; the rest of Statistics stays empty.
    Statistics statistics() const;
    // Those of the `count` biggest that hold memory: for messages about memory.
    std::vector<AllocationRecord> top_holders(std::size_t count) const;

    // --- scopes; each is opened once, and closing one again does nothing
    void open(ScopeTally& scope) noexcept;
    void close(ScopeTally& scope) noexcept;
    ScopeFigures figures(const ScopeTally& scope) const noexcept;
    // Of allocations that were made inside and are still there. Most bytes first.
    AllocationList records(const ScopeTally& scope) const;

    // Whether allocations added from now on carry a stack trace. Off at first, and then costs nothing.
    void set_stack_traces(bool on) noexcept { tracing_.store(on, std::memory_order_relaxed); }

    ThreadTallies& tallies() noexcept { return tallies_; }

  private:
    using OpenScopes = boost::intrusive::list<
        ScopeTally, boost::intrusive::member_hook<ScopeTally, boost::intrusive::list_member_hook<ScopeTally::Link>,
                                                  &ScopeTally::among_open_>>;
    static_assert(LedgerShards::count <= TrackedAllocation::max_shards);
    // Holds all locks of the registry.
    class AllLocked;
    template <typename Chosen>
    AllocationList list(Chosen&& chosen, MemoryFigures* figures = nullptr) const;
    void enter(TrackedAllocation& allocation, std::size_t bytes);
    void unlist(TrackedAllocation& allocation, MemoryLimit* counted) noexcept;
    std::size_t unlist_from(LedgerShard& shard, TrackedAllocation& allocation, ThreadTally& tally) noexcept;
    // Runs `change(tally)` under the lock of the tally where the thread counts; the bytes that it answers go out of
    // `counted`, under the same lock where that is the thread's own.
    template <typename ChangeIt>
    void count_and_subtract(ThreadTally& mine, MemoryLimit* counted, ChangeIt&& change) noexcept;
    std::shared_ptr<void> unlist_while_held(TrackedAllocation& allocation, ThreadTally& mine,
                                            MemoryLimit* counted) noexcept;
    // By who has the lock of `tally`.
    void count_allocation(ThreadTally& tally, std::size_t bytes) noexcept;
    void count_free(ThreadTally& tally, std::size_t bytes) noexcept;
    void count_resize(ThreadTally& tally, std::size_t from, std::size_t to) noexcept;
    void tell_scopes(std::size_t from, std::size_t to, std::size_t ScopeFigures::* count) noexcept;

    void lock_all() const noexcept;
    void unlock_all() const noexcept;

    // --- under all locks
    void read(MemoryFigures& figures) const noexcept;
    void write_down_pieces() const noexcept;

    friend class ForkGuard;
    void lock_for_fork() noexcept;
    void unlock_after_fork() noexcept;

    const std::shared_ptr<OpenLists> lists_;
    // Reading of one moment writes to locks, and settles peaks and pieces.
    mutable ThreadTallies tallies_;
    mutable LedgerShards shards_;
    NameTable names_;
    const std::uint32_t number_;
    std::atomic<std::uint64_t> last_id_{0};
    mutable AccountingLock pieces_lock_;
    TrackedPieces* pieces_ = nullptr;
    mutable AccountingLock scopes_lock_;
    OpenScopes scopes_;
    std::atomic<bool> scopes_open_{false};
    std::shared_ptr<void> held_;
    std::atomic<bool> holding_{false};
    std::atomic<bool> tracing_{false};
    ForkGuard fork_guard_{ForkGuard::Rank::registry, *this};
};

}  // namespace triune
