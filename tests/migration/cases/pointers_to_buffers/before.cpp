#include "gpu/dynamic_buffer_manager.hpp"

void* first(gpu::DynamicBufferManager& manager) {
    gpu::DynamicGpuBuffer* buffer = &manager.get_or_create_buffer("first", gpu::BufferConfig::for_edges());
    return buffer->as_ptr();
}
