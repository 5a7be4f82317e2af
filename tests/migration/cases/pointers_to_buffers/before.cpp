#include "gpu/dynamic_buffer_manager.hpp"

#include <cstdio>

void* first(gpu::DynamicBufferManager& manager) {
    gpu::DynamicGpuBuffer* buffer = &manager.get_or_create_buffer("first", gpu::BufferConfig::for_edges());
    return buffer->as_ptr();
}

int main() {
    gpu::DynamicBufferManager manager(utils::get_global_cuda_error_handler());
    std::printf("%d\n", first(manager) == nullptr);
}
