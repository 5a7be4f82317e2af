// SPDX-License-Identifier: Apache-2.0
#include <triune/detail/track/memory_limit.hpp>

#include <algorithm>

namespace triune {

// What is missing, and a step more; the credit is spent.
bool MemoryLimit::refill(ThreadTally& mine, std::size_t missing) noexcept {
    if (!credits_are_kept()) return false;
    if (missing > limit_ - step_ || !reserve(missing + step_)) return false;
    mine.credit.store(step_, std::memory_order_relaxed);
    return true;
}

// All but a step, or all where somebody is short. Answers what is left.
std::size_t MemoryLimit::release_credit(std::size_t credit) noexcept {
    const std::size_t left = credits_are_kept() ? std::min(step_, credit) : 0;
    release(credit - left);
    return left;
}

// Ends because whoever frees meanwhile keeps nothing.
bool MemoryLimit::collect_and_reserve(std::size_t bytes) noexcept {
    collecting_.fetch_add(1, std::memory_order_relaxed);
    bool reserved = false;
    while (collect() > 0 && !reserved) reserved = reserve(bytes);
    if (!reserved) reserved = reserve(bytes);
    collecting_.fetch_sub(1, std::memory_order_relaxed);
    return reserved;
}

void MemoryLimit::withdraw_credits() noexcept {
    if (!passed_.exchange(true)) collect();
}

// Whoever passes the limit meanwhile says so after this has looked, or is seen.
void MemoryLimit::allow_credits() noexcept {
    if (reserved_.load() > limit_) return;
    passed_.store(false);
    if (reserved_.load() > limit_) passed_.store(true);
}

// Under all locks, so that nobody is between reserving a step and noting it.
std::size_t MemoryLimit::collect() noexcept {
    std::size_t collected = 0;
    tallies_->lock_all();
    tallies_->for_each([&](ThreadTally& each) { collected += each.credit.exchange(0, std::memory_order_relaxed); });
    release(collected);
    tallies_->unlock_all();
    return collected;
}

std::size_t MemoryLimit::total() const noexcept {
    const std::size_t reserved = reserved_.load(std::memory_order_relaxed);
    if (step_ == 0) return reserved;
    std::size_t credits = 0;
    tallies_->for_each([&](const ThreadTally& each) { credits += each.credit.load(std::memory_order_relaxed); });
    return reserved > credits ? reserved - credits : 0;
}

}  // namespace triune
