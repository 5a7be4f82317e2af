// SPDX-License-Identifier: Apache-2.0
#include <triune/track/memory_limit.hpp>

#include <algorithm>

namespace triune {

// What is missing, and a step more; the credit is spent.
bool MemoryLimit::refill(ThreadTally& mine, std::size_t missing) noexcept {
    if (!credits_are_kept()) return false;
    if (missing > limit_ - step_ || !take(missing + step_)) return false;
    mine.credit.store(step_, std::memory_order_relaxed);
    return true;
}

// All but a step, or all where somebody is short. Answers what is left.
std::size_t MemoryLimit::give_back(std::size_t credit) noexcept {
    const std::size_t left = credits_are_kept() ? std::min(step_, credit) : 0;
    release(credit - left);
    return left;
}

// Ends because whoever frees meanwhile keeps nothing.
bool MemoryLimit::collect_and_take(std::size_t bytes) noexcept {
    collecting_.fetch_add(1, std::memory_order_relaxed);
    bool taken = false;
    while (collect() > 0 && !taken) taken = take(bytes);
    if (!taken) taken = take(bytes);
    collecting_.fetch_sub(1, std::memory_order_relaxed);
    return taken;
}

void MemoryLimit::withdraw_credits() noexcept {
    if (!passed_.exchange(true)) collect();
}

// Whoever passes the limit meanwhile says so after this has looked, or is seen.
void MemoryLimit::allow_credits() noexcept {
    if (taken_.load() > limit_) return;
    passed_.store(false);
    if (taken_.load() > limit_) passed_.store(true);
}

// Under all locks, so that nobody is between taking a step and noting it.
std::size_t MemoryLimit::collect() noexcept {
    std::size_t collected = 0;
    tallies_->lock_all();
    tallies_->for_each([&](ThreadTally& each) { collected += each.credit.exchange(0, std::memory_order_relaxed); });
    release(collected);
    tallies_->unlock_all();
    return collected;
}

std::size_t MemoryLimit::total() const noexcept {
    const std::size_t taken = taken_.load(std::memory_order_relaxed);
    if (step_ == 0) return taken;
    std::size_t credits = 0;
    tallies_->for_each([&](const ThreadTally& each) { credits += each.credit.load(std::memory_order_relaxed); });
    return taken > credits ? taken - credits : 0;
}

}  // namespace triune
