#include "gpu/dynamic_buffer_manager.hpp"

#include <cstdio>
#include <memory>
#include <utility>
#include <vector>

std::vector<gpu::DynamicGpuBuffer> pool;

void adopt(gpu::DynamicGpuBuffer&& buffer) { pool.push_back(std::move(buffer)); }

std::size_t use(gpu::DynamicBufferManager& manager, bool first) {
    const auto config = gpu::BufferConfig::for_edges();
    auto& chosen = first ? manager.get_or_create_buffer("a", config) : manager.get_or_create_buffer("b", config);
    chosen.ensure_capacity(3);
    // These stand in a container, and stay references.
    auto& front = pool.front();
    auto& same = pool[0];
    front.ensure_capacity(10);
    std::size_t sum = chosen.capacity_bytes() + same.capacity_bytes();
    for (gpu::DynamicGpuBuffer& each : pool) each.set_size(16);
    for (const gpu::DynamicGpuBuffer& each : pool) sum += each.size_bytes();
    return sum;
}

int main() {
    auto handler = utils::get_global_cuda_error_handler();
    adopt(gpu::DynamicGpuBuffer("adopted", gpu::BufferConfig::for_edges(), handler));
    gpu::DynamicBufferManager manager(handler);
    std::printf("%zu\n", use(manager, true));
}
