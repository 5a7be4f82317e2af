// SPDX-License-Identifier: Apache-2.0
// A total of bytes with a ceiling.
#pragma once

#include <atomic>
#include <cstddef>

#include <triune/detail/track/thread_tallies.hpp>

namespace triune {

// Note [Credits]
// One total for all threads would be a line of memory that travels between cores with every call. So a thread
// reserves a step of bytes at a time, as a credit that only it spends, and releases what it has above two of them.
// The sum of all credits is a 64th of the limit at most for 32 threads. A request that finds too little room collects
// all threads' credits before it is refused, so a limit can be used to the last byte; while it does, nobody reserves
// more than is needed. The total, credits included, never passes the limit by what can be refused. Where what cannot be
// has passed it, no thread has a credit, or gets one, until the total is below the limit again.
//
// Thread-safe. A refused request changes nothing that another thread could see.
class MemoryLimit {
  public:
    // Without threads' tallies there are no credits.
    explicit MemoryLimit(std::size_t limit_bytes, ThreadTallies* tallies = nullptr) noexcept
        : limit_(limit_bytes), tallies_(tallies), step_(tallies != nullptr ? step_of(limit_bytes) : 0) {
        if (tallies_ != nullptr) tallies_->begin_limit(step_);
    }
    MemoryLimit(const MemoryLimit&) = delete;
    MemoryLimit& operator=(const MemoryLimit&) = delete;

    // What a thread reserves at a time.
    static constexpr std::size_t step_of(std::size_t limit_bytes) noexcept {
        constexpr std::size_t max_step = std::size_t{64} << 20;
        return limit_bytes / 4096 < max_step ? limit_bytes / 4096 : max_step;
    }

    // False, nothing changed, where the total would pass the limit.
    [[nodiscard]] bool try_add(std::size_t bytes) noexcept {
        if (step_ == 0) return reserve(bytes);
        return try_add(bytes, tallies_->own());
    }
    // By the thread whose tally is `mine`.
    [[nodiscard]] bool try_add(std::size_t bytes, ThreadTally& mine) noexcept {
        {
            const TallyLock lock(mine);
            const std::size_t credit = mine.credit.load(std::memory_order_relaxed);
            if (credit >= bytes) {
                mine.credit.store(credit - bytes, std::memory_order_relaxed);
                return true;
            }
            if (refill(mine, bytes - credit)) return true;
        }
        return reserve(bytes) || collect_and_reserve(bytes);
    }
    // For what is counted but never refused.
    void add(std::size_t bytes) noexcept {
        const std::size_t before = reserved_.fetch_add(bytes);
        if (tallies_ == nullptr) return;
        tallies_->raise_ceiling(before + bytes);
        if (before + bytes > limit_) withdraw_credits();
    }
    void subtract(std::size_t bytes) noexcept {
        if (step_ == 0) return release(bytes);
        subtract(bytes, tallies_->own());
    }
    void subtract(std::size_t bytes, ThreadTally& mine) noexcept {
        const TallyLock lock(mine);
        subtract_locked(bytes, mine);
    }
    // By who has the tally's lock.
    void subtract_locked(std::size_t bytes, ThreadTally& mine) noexcept {
        const std::size_t credit = mine.credit.load(std::memory_order_relaxed) + bytes;
        const bool kept = credit <= 2 * step_ && credits_are_kept();
        mine.credit.store(kept ? credit : release_credit(credit), std::memory_order_relaxed);
    }

    std::size_t limit() const noexcept { return limit_; }
    // Exact whenever nobody is in a call.
    std::size_t total() const noexcept;
    // 0 where what is never refused stands above the limit.
    std::size_t room() const noexcept {
        const std::size_t now = total();
        return now >= limit_ ? 0 : limit_ - now;
    }

  private:
    bool reserve(std::size_t bytes) noexcept {
        std::size_t reserved = reserved_.load(std::memory_order_relaxed);
        do {
            if (reserved > limit_ || bytes > limit_ - reserved) return false;
        } while (!reserved_.compare_exchange_weak(reserved, reserved + bytes, std::memory_order_relaxed));
        if (tallies_ != nullptr) tallies_->raise_ceiling(reserved + bytes);
        return true;
    }
    void release(std::size_t bytes) noexcept {
        reserved_.fetch_sub(bytes);
        if (passed_.load(std::memory_order_relaxed)) allow_credits();
    }
    bool credits_are_kept() const noexcept {
        return collecting_.load(std::memory_order_relaxed) == 0 && !passed_.load(std::memory_order_relaxed);
    }
    void withdraw_credits() noexcept;
    void allow_credits() noexcept;
    bool refill(ThreadTally& mine, std::size_t missing) noexcept;
    std::size_t release_credit(std::size_t credit) noexcept;
    bool collect_and_reserve(std::size_t bytes) noexcept;
    std::size_t collect() noexcept;

    const std::size_t limit_;
    ThreadTallies* const tallies_;
    const std::size_t step_;
    std::atomic<int> collecting_{0};                 // requests that are short
    std::atomic<bool> passed_{false};                // by what is never refused
    alignas(64) std::atomic<std::size_t> reserved_{0};  // with all credits
};

}  // namespace triune
