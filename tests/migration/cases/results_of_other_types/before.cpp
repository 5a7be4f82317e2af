#include "utils/gpu_memory.hpp"
#include "utils/unified_gpu_compute.hpp"
#include "gpu/dynamic_buffer_manager.hpp"

#include <cstdio>
#include <string>
#include <string_view>

// What a call gives may be of another type than before, and choose another overload.
int told(const std::string&) { return 1; }
int told(std::string_view) { return 2; }
template <typename T>
int width(T) {
    return static_cast<int>(sizeof(T));
}
template <typename T>
int is_constant(T&) {
    return std::is_const_v<T>;
}

int main() {
    auto buffer = utils::create_managed_buffer<float>(4, "buffer");
    std::printf("%d %d\n", told(buffer.name()), width(buffer.size_bytes()));
    gpu::DynamicGpuBuffer grown("grown", gpu::BufferConfig::for_positions(), nullptr);
    grown.ensure_capacity(4);
    std::printf("%d %d\n", told(grown.name()), width(grown.capacity_bytes()));
    utils::MultiStreamManager streams;
    std::printf("%d\n", is_constant(streams.get_compute_stream()));
}
