#include "gpu/dynamic_buffer_manager.hpp"

#include <cstdio>
#include <utility>

void* first(gpu::DynamicBufferManager& manager) {
    gpu::DynamicGpuBuffer* buffer = &manager.get_or_create_buffer("first", gpu::BufferConfig::for_edges());
    return buffer->as_ptr();
}

// What the caller holds is another buffer then; a handle by value could not do that.
void replace(gpu::DynamicGpuBuffer& target) {
    target = gpu::DynamicGpuBuffer("fresh", gpu::BufferConfig::for_edges(), utils::get_global_cuda_error_handler());
}
void exchange(gpu::DynamicGpuBuffer& left, gpu::DynamicGpuBuffer& right) { std::swap(left, right); }

int main() {
    gpu::DynamicBufferManager manager(utils::get_global_cuda_error_handler());
    std::printf("%d\n", first(manager) == nullptr);
    gpu::DynamicGpuBuffer held("held", gpu::BufferConfig::for_edges(), utils::get_global_cuda_error_handler());
    gpu::DynamicGpuBuffer other("other", gpu::BufferConfig::for_edges(), utils::get_global_cuda_error_handler());
    replace(held);
    exchange(held, other);
    std::printf("%s %s\n", held.name().c_str(), other.name().c_str());
}
