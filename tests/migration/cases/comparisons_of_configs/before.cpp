#include "gpu/dynamic_buffer_manager.hpp"

#include <cstdio>

// The new classes have comparisons of their own, and more members.
bool operator==(const gpu::BufferConfig& left, const gpu::BufferConfig& right) {
    return left.bytes_per_node == right.bytes_per_node;
}

int main() {
    gpu::BufferConfig config = gpu::BufferConfig::for_positions();
    config.min_size_bytes = 1;
    const gpu::BufferStats stats{.name = "s", .capacity_bytes = 4, .used_bytes = 2, .utilization = 0.5F};
    std::printf("%d %s %zu\n", config == gpu::BufferConfig::for_forces(), stats.name.c_str(), stats.used_bytes);
}
