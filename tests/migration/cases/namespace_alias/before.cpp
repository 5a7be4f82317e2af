#include "gpu/dynamic_buffer_manager.hpp"

namespace api = gpu;

std::size_t used(const api::DynamicBufferManager& manager) {
    std::size_t sum = 0;
    for (const api::BufferStats& stats : manager.get_all_stats()) sum += stats.used_bytes;
    return sum;
}
