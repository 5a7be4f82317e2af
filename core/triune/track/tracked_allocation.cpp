// SPDX-License-Identifier: Apache-2.0
#include <triune/track/tracked_allocation.hpp>

#include <time.h>

#include <mutex>
#include <unordered_map>

#include <triune/detail/base/fork_guard.hpp>
#include <triune/detail/base/mutex.hpp>

namespace triune {
namespace {

// Beside the allocations, so that those without a trace do not even hold a pointer. Never destroyed: allocations may go
// after main.
struct TraceTable {
    void lock_for_fork() noexcept { mutex.lock(); }
    void unlock_after_fork() noexcept { mutex.unlock(); }

    Mutex mutex;
    std::unordered_map<const TrackedAllocation*, StackTrace> traces;
    ForkGuard fork_guard{ForkGuard::Rank::text, *this};
};

TraceTable& trace_table() {
    static TraceTable* const table = new TraceTable;
    return *table;
}

}  // namespace

// Of libstdc++ and libc++ on Linux, steady_clock is CLOCK_MONOTONIC.
TrackedAllocation::Clock::time_point TrackedAllocation::recently() noexcept {
#ifdef CLOCK_MONOTONIC_COARSE
    timespec now{};
    if (clock_gettime(CLOCK_MONOTONIC_COARSE, &now) == 0) {
        return Clock::time_point(std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec));
    }
#endif
    return Clock::now();
}

void TrackedAllocation::note_stack(const StackTrace& trace) {
    TraceTable& table = trace_table();
    const std::lock_guard lock(table.mutex);
    table.traces.insert_or_assign(this, trace);
    traced_ = true;
}

void TrackedAllocation::drop_stack() noexcept {
    TraceTable& table = trace_table();
    const std::lock_guard lock(table.mutex);
    table.traces.erase(this);
}

const StackTrace* AllocationFacts::stack() const noexcept {
    if (!of_->traced_) return nullptr;
    TraceTable& table = trace_table();
    const std::lock_guard lock(table.mutex);
    return &table.traces.at(of_);  // nodes stay where they are
}

// The size is read before the capacity and cut to it, because both may change meanwhile.
BufferStats TrackedAllocation::stats() const {
    BufferStats stats;
    stats.name = name_;
    const std::size_t size = size_;
    stats.capacity_bytes = capacity_;
    stats.allocated_bytes = std::min(size, stats.capacity_bytes);
    if (stats.capacity_bytes > 0) {
        stats.utilization = static_cast<float>(stats.allocated_bytes) / static_cast<float>(stats.capacity_bytes);
    }
    const double accessed = last_access_.load(std::memory_order_relaxed);
    stats.age_seconds = std::chrono::duration<double>(Clock::now() - created_).count();
    stats.last_access_seconds = std::max(stats.age_seconds - accessed, 0.0);
    return stats;
}

}  // namespace triune
