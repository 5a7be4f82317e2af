#include <cstdio>

#include "gpu/dynamic_buffer_manager.hpp"

// The new class has more members, and a binding names them all.
float used(const gpu::DynamicGpuBuffer& buffer) {
    const auto [name, capacity, bytes, ratio] = buffer.get_stats();
    return ratio + static_cast<float>(capacity + bytes + name.size());
}

int main() {
    const gpu::DynamicGpuBuffer buffer("some", gpu::BufferConfig::for_edges(), nullptr);
    std::printf("%g\n", static_cast<double>(used(buffer)));
}
