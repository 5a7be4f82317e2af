#include "gpu/dynamic_buffer_manager.hpp"

#include <cstdio>
#include <functional>
#include <string>
#include <vector>

// A reference that is captured refers to the buffer, not to the name that it was captured by: these live longer.
std::vector<std::function<std::size_t()>> jobs;

void queue(gpu::DynamicBufferManager& manager, int number) {
    auto& buffer = manager.get_or_create_buffer("b" + std::to_string(number), gpu::BufferConfig::for_edges());
    jobs.push_back([&buffer, number] {
        buffer.ensure_capacity(static_cast<std::size_t>(number));
        return buffer.capacity_bytes();
    });
    jobs.push_back([&again = buffer] { return again.capacity_bytes(); });
}
std::function<std::string()> naming(gpu::DynamicGpuBuffer& buffer) {
    return [&] { return buffer.name(); };
}

int main() {
    gpu::DynamicBufferManager manager(nullptr);
    queue(manager, 100);
    queue(manager, 1000);
    const auto name = naming(manager.get_or_create_buffer("named", gpu::BufferConfig::for_edges()));
    std::size_t sum = 0;
    for (auto& each : jobs) sum += each();
    std::printf("%zu %s\n", sum, name().c_str());

    // A buffer that an object owns is captured as it was.
    gpu::DynamicGpuBuffer own("own", gpu::BufferConfig::for_edges(), nullptr);
    const auto grow = [&own] { own.ensure_capacity(3); };
    grow();
    std::printf("%zu\n", own.capacity_bytes());
}
