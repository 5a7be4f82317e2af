#include <triune/triune.hpp>

#include <cstdio>

std::size_t used(const triune::GpuMemoryManager& manager) {
    std::size_t sum = 0;
    for (const triune::BufferStats& stats : manager.buffer_stats()) sum += stats.allocated_bytes;
    return sum;
}

int main() {
    triune::GpuMemoryManager manager;
    auto buffer = manager.get_or_create("b", triune::BufferConfig::for_edges());
    buffer.reserve(10);
    buffer.set_size_bytes(64);
    std::printf("%zu %zu\n", used(manager), manager.total_allocated_bytes());
}
