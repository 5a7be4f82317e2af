#include <triune/triune.hpp>

std::size_t used(const triune::GpuMemoryManager& manager) {
    std::size_t sum = 0;
    for (const triune::BufferStats& stats : manager.buffer_stats()) sum += stats.allocated_bytes;
    return sum;
}
