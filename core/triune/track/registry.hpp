// SPDX-License-Identifier: Apache-2.0
// Who owns what, and how much it is: the one book of a manager.
#pragma once

#include <atomic>
#include <boost/intrusive/list.hpp>
#include <boost/smart_ptr/intrusive_ptr.hpp>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <triune/base/fork_guard.hpp>
#include <triune/track/allocation_list.hpp>
#include <triune/track/ledger.hpp>
#include <triune/track/listing.hpp>
#include <triune/track/memory_limit.hpp>
#include <triune/track/name_index.hpp>
#include <triune/track/scope_tally.hpp>
#include <triune/track/statistics.hpp>
#include <triune/track/tracked_allocation.hpp>

namespace triune {

// Thread-safe, under one lock, which is a leaf: nothing is called while it is held. So every answer is of one moment:
// figures and records made together agree, and the peak is the highest total that anybody could have read.
class Registry {
  public:
    // Which records a listing is about: those with a name and an element type, as leaks and usage by name list them, or
    // all.
    enum class Filter { named_typed, all };
    using Owner = boost::intrusive_ptr<TrackedAllocation>;

    Registry();
    Registry(const Registry&) = delete;
    Registry& operator=(const Registry&) = delete;
    ~Registry();

    // --- an allocation's life
    // Gives it its id and enters it, with a capacity of `bytes`; once. Throws std::bad_alloc, nothing entered.
    void add(TrackedAllocation& allocation, std::size_t bytes = 0);
    // The same of one that only this thread knows of, and enters its name, `name`. False, nothing entered, where that
    // is taken.
    bool add_named(TrackedAllocation& allocation, const NameKey& name, std::size_t bytes);
    // The capacity is `bytes` from now on. From 0 counts as an allocation, else as a resize.
    void resized(TrackedAllocation& allocation, std::size_t bytes) noexcept;
    // Of an allocation of many pieces: one of `bytes` comes, or goes. Counts as an allocation and as a free.
    void piece_added(TrackedAllocation& allocation, std::size_t bytes) noexcept;
    void piece_removed(TrackedAllocation& allocation, std::size_t bytes) noexcept;
    // Takes it out of the list and the totals; its capacity and size become 0. Nothing where it is out already.
    void remove(TrackedAllocation& allocation) noexcept { take_out(allocation, nullptr); }
    // The same, whether it was ever in or not, and its bytes out of `counted`: afterwards, so that the books never
    // stand above a limit, and before anybody can look. Where all are out, what hold_while_listed() was given goes
    // last.
    void remove(TrackedAllocation& allocation, MemoryLimit& counted) noexcept { take_out(allocation, &counted); }
    // Keeps `held` as long as anything is listed; from then on nothing is added. So allocations that outlive their
    // manager need no count of it each.
    void hold_while_listed(std::shared_ptr<void> held) noexcept;
    void count_transfer() noexcept;

    // --- names, each of one allocation, which the registry owns with others until it is taken
    // False, nothing changed, where the name is taken. Throws std::bad_alloc.
    bool enter_name(TrackedAllocation& allocation);
    // Null where there is none.
    Owner find(const NameKey& name) const noexcept {
        const std::lock_guard guard(lock());
        return names_.find(name);
    }
    bool contains(const NameKey& name) const noexcept;
    Owner take(const NameKey& name) noexcept {
        const std::lock_guard guard(lock());
        return {names_.take(name), false};
    }
    // All that `chosen` says true for; it is called under the lock. Throws std::bad_alloc.
    std::vector<Owner> find_if(const std::function<bool(const TrackedAllocation&)>& chosen) const;
    // Null where its name is not entered, or is another's by now.
    Owner take_name_of(TrackedAllocation& allocation) noexcept;
    // Any; null when no name is left. Never allocates.
    Owner take_any() noexcept;

    // --- what there is
    MemoryFigures figures() const noexcept;
    std::size_t total_bytes() const noexcept;
    // The peak is the total again.
    void reset_peak() noexcept;
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
    // The `count` biggest, one description each, joined by ", ": for messages about memory.
    std::string top_holders(std::size_t count = 3) const;

    // --- scopes; each is opened once, and closing one again does nothing
    void open(ScopeTally& scope) noexcept;
    void close(ScopeTally& scope) noexcept;
    ScopeFigures figures(const ScopeTally& scope) const noexcept;
    // Of allocations that were made inside and are still there. Most bytes first.
    AllocationList records(const ScopeTally& scope) const;

    // Whether allocations added from now on carry a stack trace. Off at first, and then costs nothing.
    void set_stack_traces(bool on) noexcept { tracing_.store(on, std::memory_order_relaxed); }

  private:
    using OpenScopes = boost::intrusive::list<
        ScopeTally, boost::intrusive::member_hook<ScopeTally, boost::intrusive::list_member_hook<ScopeTally::Link>,
                                                  &ScopeTally::among_open_>>;

    template <typename Chosen>
    AllocationList list(Chosen&& chosen, MemoryFigures* figures = nullptr) const;
    void enter_locked(TrackedAllocation& allocation, std::size_t bytes);
    void take_out(TrackedAllocation& allocation, MemoryLimit* counted) noexcept;
    BookLock& lock() const noexcept { return lists_->lock; }

    friend class ForkGuard;
    void lock_for_fork() noexcept { lock().lock(); }
    void unlock_after_fork() noexcept { lock().unlock(); }
    void change_total(std::size_t from, std::size_t to, std::size_t MemoryFigures::* count,
                      std::size_t ScopeFigures::* scope_count) noexcept;
    void tell_scopes(std::size_t from, std::size_t to, std::size_t ScopeFigures::* count) noexcept;

    const std::shared_ptr<OpenLists> lists_;
    Ledger ledger_;
    NameIndex names_;
    MemoryFigures figures_;
    OpenScopes scopes_;
    std::uint64_t last_id_ = 0;
    std::shared_ptr<void> held_;
    std::atomic<bool> tracing_{false};
    ForkGuard fork_guard_{ForkGuard::Rank::books, *this};
};

}  // namespace triune
