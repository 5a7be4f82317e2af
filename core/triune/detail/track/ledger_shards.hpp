// SPDX-License-Identifier: Apache-2.0
// The figures of all live allocations, in parts that threads seldom share.
#pragma once

#include <array>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>

#include <triune/detail/base/thread_number.hpp>
#include <triune/detail/track/accounting_lock.hpp>
#include <triune/detail/track/id_block.hpp>
#include <triune/detail/track/ledger.hpp>

namespace triune {

struct alignas(64) LedgerShard {
    AccountingLock lock;
    Ledger ledger;
    std::size_t buffer_count = 0;
    IdBlock ids;
};

// Thread-safe, each shard under its own lock. A shard is open from the first entry on: those that no thread has used
// yet need no lock when all are locked.
class LedgerShards {
  public:
    static constexpr std::size_t count = 64;

    // Where the calling thread enters. Not under a shard's lock.
    std::size_t number_of_thread() noexcept {
        const std::size_t number = this_thread_number() % count;
        if (!is_open(number)) open(number);
        return number;
    }
    LedgerShard& operator[](std::size_t number) noexcept { return shards_[number]; }

    // No shard is entered, left or opened meanwhile.
    void lock_all() noexcept;
    void unlock_all() noexcept;

    // --- under all locks
    template <typename Visit>
    void for_each(Visit&& visit) {
        for (std::uint64_t left = open_.load(std::memory_order_relaxed); left != 0; left &= left - 1) {
            visit(shards_[static_cast<std::size_t>(std::countr_zero(left))]);
        }
    }
    std::size_t size() noexcept;
    std::size_t buffer_count() noexcept;
    // Ids from now on are greater than those before.
    void begin_new_ids() noexcept;

  private:
    bool is_open(std::size_t number) const noexcept {
        return (open_.load(std::memory_order_relaxed) >> number & 1) != 0;
    }
    void open(std::size_t number) noexcept;

    AccountingLock opening_;  // before any shard's
    std::atomic<std::uint64_t> open_{0};
    std::array<LedgerShard, count> shards_;
};

}  // namespace triune
