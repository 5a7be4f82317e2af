#include "gpu/dynamic_buffer_manager.hpp"

#include <cstdio>
#include <functional>
#include <vector>

// References to buffers of a manager, kept where nothing but a reference can be kept: these stay.
std::vector<std::reference_wrapper<gpu::DynamicGpuBuffer>> all;

void keep(gpu::DynamicBufferManager& manager, const char* name) {
    auto& buffer = manager.get_or_create_buffer(name, gpu::BufferConfig::for_edges());
    all.push_back(buffer);
}
auto& find(gpu::DynamicBufferManager& manager) {
    auto& buffer = manager.get_or_create_buffer("found", gpu::BufferConfig::for_edges());
    return buffer;
}

int main() {
    gpu::DynamicBufferManager manager(nullptr);
    keep(manager, "x");
    keep(manager, "y");
    for (auto& each : all) each.get().ensure_capacity(50);
    auto wrapped = std::ref(find(manager));
    std::printf("%zu %s\n", all[0].get().capacity_bytes(), wrapped.get().name().c_str());
}
