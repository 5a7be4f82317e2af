// What a manager counts, and what it tells about each buffer.
#pragma once

#include <atomic>
#include <cstddef>
#include <string>
#include <vector>

namespace triune {

struct BufferStats {
    std::string name;
    std::size_t capacity_bytes = 0;
    std::size_t allocated_bytes = 0;  // of the capacity, those in use
    float utilization = 0;            // allocated / capacity; 0 where nothing is allocated
    double age_seconds = 0;
    double last_access_seconds = 0;  // since the buffer was last used through the library
};

struct Statistics {
    std::size_t total_allocated_bytes = 0;  // capacities as asked for
    std::size_t peak_allocated_bytes = 0;
    std::size_t buffer_count = 0;  // alive
    std::size_t allocation_count = 0;
    std::size_t resize_count = 0;
    std::size_t async_transfer_count = 0;
    std::vector<BufferStats> buffer_stats;  // named buffers, oldest first
};

// The counters behind Statistics that only ever rise. Thread-safe, relaxed: each is exact on its own.
struct Counters {
    std::atomic<std::size_t> allocations{0};
    std::atomic<std::size_t> resizes{0};
    std::atomic<std::size_t> async_transfers{0};
};

}  // namespace triune
