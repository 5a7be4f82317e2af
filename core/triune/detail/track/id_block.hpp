// SPDX-License-Identifier: Apache-2.0
// Numbers of allocations, some at a time.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>

namespace triune {

// Note [Ids in blocks]
// Ids ascend in the order of creation. Where threads create at once, a counter of all would be a line of memory that
// travels between cores; so a shard then takes up to 64 ids together. What it has not used when the clock's tick is over
// it drops. So ids of different threads are in order to within a tick, and those of one thread always are. A program
// with one thread has every id.
class IdBlock {
  public:
    using Tick = std::chrono::steady_clock::time_point;

    // Greater than all that this gave before.
    std::uint64_t next(std::atomic<std::uint64_t>& last_id, Tick now) noexcept {
        if (next_ == end_ || now != tick_) refill(last_id, now);
        return next_++;
    }
    // The next one is greater than all that anybody gave before.
    void drop() noexcept { end_ = next_; }

  private:
    static constexpr std::uint64_t max_together = 64;

    void refill(std::atomic<std::uint64_t>& last_id, Tick now) noexcept {
        const bool alone = last_id.load(std::memory_order_relaxed) + 1 == last_refilled_ || now != tick_;
        together_ = alone ? 1 : std::min(2 * together_, max_together);
        next_ = last_id.fetch_add(together_, std::memory_order_relaxed) + 1;
        end_ = last_refilled_ = next_ + together_;
        tick_ = now;
    }

    std::uint64_t next_ = 0;
    std::uint64_t end_ = 0;
    std::uint64_t last_refilled_ = 0;
    std::uint64_t together_ = 1;
    Tick tick_;
};

}  // namespace triune
