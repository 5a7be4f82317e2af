// SPDX-License-Identifier: Apache-2.0
#include <triune/track/thread_tallies.hpp>

#include <algorithm>

namespace triune {
namespace {

std::ptrdiff_t sum_of(const ThreadTallies& tallies) noexcept {
    std::ptrdiff_t sum = 0;
    tallies.for_each([&](const ThreadTally& each) { sum += each.bytes.now(); });
    return sum;
}

}  // namespace

std::size_t ThreadTallies::total_bytes() const noexcept { return bytes_of_sum(sum_of(*this)); }

void ThreadTallies::settle(ThreadTally& tally) noexcept {
    raise_peak(sum_of(*this) - tally.bytes.now() + tally.bytes.high());
    tally.bytes.settle();
}

// No thread comes or goes meanwhile.
void ThreadTallies::lock_all() noexcept {
    threads_.lock();
    BiasedMutex::lock_all_as_revoker([&](auto&& visit) { for_each([&](ThreadTally& each) { visit(each.mutex); }); });
}

void ThreadTallies::unlock_all() noexcept {
    for_each([](ThreadTally& each) { each.mutex.unlock_as_revoker(); });
    threads_.unlock();
}

void ThreadTallies::read(MemoryFigures& figures) noexcept {
    const std::ptrdiff_t total = sum_of(*this);
    figures.total_allocated_bytes = bytes_of_sum(total);
    for_each([&](ThreadTally& each) { raise_peak(total - each.bytes.now() + each.bytes.high()); });
    for_each([](ThreadTally& each) { each.bytes.settle(); });
    figures.peak_allocated_bytes = std::max(peak_.load(std::memory_order_relaxed), figures.total_allocated_bytes);
    for_each([&](const ThreadTally& each) {
        figures.allocation_count += each.allocations;
        figures.resize_count += each.resizes;
        figures.free_count += each.frees;
        figures.async_transfer_count += each.transfers;
    });
}

void ThreadTallies::reset_peak() noexcept {
    for_each([](ThreadTally& each) { each.bytes.settle(); });
    peak_.store(total_bytes(), std::memory_order_relaxed);
}

}  // namespace triune
