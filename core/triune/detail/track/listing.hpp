// SPDX-License-Identifier: Apache-2.0
// What a list of allocations stands on: the records, their order, and one hold on all that they tell of.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <new>

#include <triune/detail/track/accounting_lock.hpp>
#include <triune/detail/track/ledger.hpp>
#include <triune/track/allocation_record.hpp>

namespace triune {

class Listing;

// Note [One hold a list]
// To keep each allocation that it tells of, a list would write to each. Instead the registry knows which lists are
// open, by age: an allocation that leaves the registry while the newest open list may tell of it is kept by that one. A
// list that closes hands what it keeps to the next older one, where that may tell of it as well, and lets go of the
// rest. So a list costs nothing an allocation, and keeps only what was there when it was made. Registry and lists own
// this together: either may be the last to go.
struct OpenLists {
    AccountingLock lock;
    // Written under the lock, and set to what is there now under all locks of the registry too.
    std::atomic<Listing*> newest{nullptr};
};

// Made by one thread, then read by any.
class Listing {
  public:
    explicit Listing(std::shared_ptr<OpenLists> lists) noexcept : lists_(std::move(lists)) {}
    Listing(const Listing&) = delete;
    Listing& operator=(const Listing&) = delete;
    // Closes it, once nobody reads it any more.
    ~Listing();

    // Room for so many records; there are none yet. Throws std::bad_alloc.
    void reserve(std::size_t count);
    std::size_t room() const noexcept { return room_; }

    // Under all locks of the registry, for each ledger: a record of each that `chosen(page, place)` says true for, in
    // the order of creation. All fit.
    template <typename Chosen>
    void copy(const Ledger& ledger, Chosen&& chosen) noexcept {
        std::byte* const records = records_.get();
        std::uint64_t* const keys = keys_.get();
        std::size_t count = size_;
        std::size_t least = least_;
        std::size_t most = most_;
        std::size_t before = std::numeric_limits<std::size_t>::max();
        bool in_order = in_order_;
        ledger.for_each([&](const LedgerPage& page, std::size_t place) {
            if (!chosen(page, place)) return;
            const std::size_t bytes = page.bytes[place];
            auto* const record = new (records + count * sizeof(AllocationRecord))
                AllocationRecord(*page.allocation[place], AllocationFacts::OnList());
            record->resizes = page.resizes[place];
            record->bytes = bytes;
            record->peak_bytes = page.peak_bytes[place];
            keys[count++] = bytes;
            in_order = in_order && bytes <= before;
            before = bytes;
            least = bytes < least ? bytes : least;
            most = bytes > most ? bytes : most;
        });
        if (count == size_) return;
        ++ledgers_;
        size_ = count;
        in_order_ = in_order;
        least_ = least;
        most_ = most;
    }
    // Under the same locks: from now on it keeps what is on it; allocations up to `last_id` may be.
    void open(std::uint64_t last_id) noexcept;

    // Most bytes first, of equal ones the older. Throws std::bad_alloc.
    void sort();

    std::size_t size() const noexcept { return size_; }
    const AllocationRecord* records() const noexcept {
        return std::launder(reinterpret_cast<const AllocationRecord*>(records_.get()));
    }
    // Which record comes where; null: as they stand.
    const std::uint32_t* order() const noexcept { return order_.get(); }

    // Under the lock of its shard, of an allocation that has just left the registry.
    static void keep_where_listed(OpenLists& lists, TrackedAllocation& allocation) noexcept {
        if (lists.newest.load(std::memory_order_acquire) != nullptr) keep_on_newest(lists, allocation);
    }

  private:
    bool may_tell_of(const TrackedAllocation& allocation) const noexcept { return allocation.id_ <= last_id_; }
    static void keep_on_newest(OpenLists& lists, TrackedAllocation& allocation) noexcept;
    void keep(TrackedAllocation& allocation) noexcept;
    void sort_equals_by_age() noexcept;

    const std::shared_ptr<OpenLists> lists_;
    std::size_t room_ = 0;
    std::size_t size_ = 0;
    // Records on a list hold nothing, so nothing is lost where none is destroyed.
    std::unique_ptr<std::byte[]> records_;
    std::unique_ptr<std::uint64_t[]> keys_;  // the bytes, until they are sorted
    std::unique_ptr<std::uint32_t[]> order_;
    std::size_t least_ = std::numeric_limits<std::size_t>::max();
    std::size_t most_ = 0;
    bool in_order_ = true;
    std::size_t ledgers_ = 0;  // that it has records of

    bool open_ = false;
    std::uint64_t last_id_ = 0;
    Listing* older_ = nullptr;
    Listing* newer_ = nullptr;
    TrackedAllocation* kept_ = nullptr;
};

}  // namespace triune
