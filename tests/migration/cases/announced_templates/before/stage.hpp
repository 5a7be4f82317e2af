#pragma once

// Beside other things, which stay.
namespace gpu {
class DynamicGpuBuffer;
struct Own;
}  // namespace gpu

void grow(gpu::DynamicGpuBuffer& buffer, gpu::Own& own);
