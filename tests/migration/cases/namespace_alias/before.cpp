#include "gpu/dynamic_buffer_manager.hpp"

#include <cstdio>

namespace api = gpu;

std::size_t used(const api::DynamicBufferManager& manager) {
    std::size_t sum = 0;
    for (const api::BufferStats& stats : manager.get_all_stats()) sum += stats.used_bytes;
    return sum;
}

int main() {
    api::DynamicBufferManager manager(utils::get_global_cuda_error_handler());
    auto& buffer = manager.get_or_create_buffer("b", api::BufferConfig::for_edges());
    buffer.ensure_capacity(10);
    buffer.set_size(64);
    std::printf("%zu %zu\n", used(manager), manager.get_total_allocation());
}
