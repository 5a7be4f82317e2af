#include <cstddef>

namespace utils {
class UnifiedGPUCompute;
}

void step(utils::UnifiedGPUCompute& arrays);

#include "utils/unified_gpu_compute.hpp"

#include <cstdio>

void step(utils::UnifiedGPUCompute& arrays) { arrays.swap_buffers(); }

int main() {
    utils::UnifiedGPUCompute arrays(2, 0);
    const float* before = arrays.pos_in_x.as_device_ptr();
    step(arrays);
    std::printf("%d\n", arrays.pos_out_x.as_device_ptr() == before);
}
