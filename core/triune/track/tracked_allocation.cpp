#include <triune/track/tracked_allocation.hpp>

#include <mutex>
#include <unordered_map>

namespace triune {
namespace {

// Beside the allocations, so that those without a trace do not even hold a pointer. Never destroyed: allocations may go
// after main.
struct TraceTable {
    std::mutex mutex;
    std::unordered_map<const TrackedAllocation*, StackTrace> traces;
};

TraceTable& trace_table() {
    static TraceTable* const table = new TraceTable;
    return *table;
}

}  // namespace

void TrackedAllocation::note_stack(const StackTrace& trace) {
    TraceTable& table = trace_table();
    const std::lock_guard lock(table.mutex);
    table.traces.insert_or_assign(this, trace);
    traced_ = true;
}

TrackedAllocation::~TrackedAllocation() {
    if (!traced_) return;
    TraceTable& table = trace_table();
    const std::lock_guard lock(table.mutex);
    table.traces.erase(this);
}

const StackTrace* AllocationFacts::stack() const noexcept {
    if (!kept_->traced_) return nullptr;
    TraceTable& table = trace_table();
    const std::lock_guard lock(table.mutex);
    return &table.traces.at(kept_);  // nodes stay where they are
}

// The size is read before the capacity and cut to it, because both may change meanwhile.
BufferStats TrackedAllocation::stats() const {
    const auto seconds_since = [now = Clock::now()](Clock::time_point then) {
        return std::max(std::chrono::duration<double>(now - then).count(), 0.0);
    };
    BufferStats stats;
    stats.name = name_;
    const std::size_t size = size_;
    stats.capacity_bytes = capacity_;
    stats.allocated_bytes = std::min(size, stats.capacity_bytes);
    if (stats.capacity_bytes > 0) {
        stats.utilization = static_cast<float>(stats.allocated_bytes) / static_cast<float>(stats.capacity_bytes);
    }
    stats.age_seconds = seconds_since(created_);
    stats.last_access_seconds = seconds_since(last_access_);
    return stats;
}

}  // namespace triune
