// SPDX-License-Identifier: Apache-2.0
#include <triune/detail/track/thread_tallies.hpp>

#include <algorithm>

namespace triune {

std::size_t ThreadTallies::total_bytes() const noexcept {
    std::ptrdiff_t sum = 0;
    for_each([&](const ThreadTally& each) { sum += each.bytes.now(); });
    return bytes_of_sum(sum);
}

void ThreadTallies::add_up(ThreadTally& tally) noexcept {
    peak_.note(std::min(total_bytes(), ceiling_.bytes()));
    tally.bytes.note_added();
}

// No thread comes or goes meanwhile.
void ThreadTallies::lock_all() noexcept {
    threads_.lock();
    BiasedMutex::lock_all_as_revoker(threads_.others_have_parts(),
                                     [&](auto&& visit) { for_each([&](ThreadTally& each) { visit(each.mutex); }); });
}

void ThreadTallies::unlock_all() noexcept {
    for_each([](ThreadTally& each) { each.mutex.unlock_as_revoker(); });
    threads_.unlock();
}

void ThreadTallies::read(MemoryFigures& figures) noexcept {
    figures.total_allocated_bytes = total_bytes();
    peak_.note(figures.total_allocated_bytes);
    figures.peak_allocated_bytes = peak_.bytes();
    for_each([&](const ThreadTally& each) {
        figures.allocation_count += each.allocations;
        figures.resize_count += each.resizes;
        figures.free_count += each.frees;
        figures.async_transfer_count += each.transfers;
    });
}

// The one tally that counts from now on has not been added up beside what the others hold by now.
void ThreadTallies::set_exact(bool on) noexcept {
    peak_.note(total_bytes());
    for_each([](ThreadTally& each) { each.bytes.begin_peak(); });
    exact_.store(on, std::memory_order_relaxed);
}

void ThreadTallies::reset_peak() noexcept {
    for_each([](ThreadTally& each) { each.bytes.begin_peak(); });
    peak_.begin(total_bytes());
}

}  // namespace triune
