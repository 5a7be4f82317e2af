#include "engine.hpp"

#include "stage.hpp"

#include "gpu/dynamic_buffer_manager.hpp"
#include "utils/gpu_memory.hpp"
#include "utils/unified_gpu_compute.hpp"

namespace gpu {
struct Own {
    int grown = 0;
};
}  // namespace gpu

float total(const utils::ManagedDeviceBuffer<float>& buffer) {
    std::vector<float> host(buffer.as_device_buffer().len());
    buffer.as_device_buffer().copy_to(host);
    float sum = 0;
    for (const float each : host) sum += each;
    return sum;
}
void step(utils::UnifiedGPUCompute& arrays) { arrays.swap_buffers(); }
void grow(gpu::DynamicGpuBuffer& buffer, gpu::Own& own) {
    buffer.ensure_capacity(100);
    ++own.grown;
}
