#include "gpu/dynamic_buffer_manager.hpp"

#include <cstdio>
#include <functional>
#include <vector>

// A template refers to what it is given, and may do so for longer than the call. A handle would be gone by then.
template <typename T>
auto asks(T& buffer) {
    return [&buffer] { return buffer.capacity_bytes(); };
}
template <typename T>
auto asks_by_another_name(T& buffer) {
    return [&other = buffer] { return other.get_stats().capacity_bytes; };
}
template <typename T>
struct Watch {
    std::size_t bytes() const { return watched.capacity_bytes(); }
    T& watched;
};

// One that is over when it returns may refer to a handle.
template <typename T>
std::size_t grown(T& buffer, std::size_t count) {
    buffer.ensure_capacity(count);
    return buffer.capacity_bytes();
}

std::size_t apart(gpu::DynamicBufferManager& manager) {
    auto& buffer = manager.get_or_create_buffer("apart", gpu::BufferConfig::for_edges());
    return grown(buffer, 1000);
}

int main() {
    gpu::DynamicBufferManager manager(nullptr);
    std::vector<std::function<std::size_t()>> all;
    const auto in_generic = [&all](auto& buffer) { all.push_back([&] { return buffer.capacity_bytes(); }); };
    std::vector<Watch<gpu::DynamicGpuBuffer>> watches;
    for (const char* name : {"a", "b"}) {
        auto& buffer = manager.get_or_create_buffer(name, gpu::BufferConfig::for_edges());
        buffer.ensure_capacity(100);
        all.push_back(asks(buffer));
        all.push_back(asks_by_another_name(buffer));
        in_generic(buffer);
        watches.push_back(Watch<gpu::DynamicGpuBuffer>{buffer});
    }
    std::size_t sum = 0;
    for (const auto& each : all) sum += each();
    for (const auto& each : watches) sum += each.bytes();
    std::printf("%zu %zu\n", sum, apart(manager));
}
