#include <cstddef>

namespace utils {
class UnifiedGPUCompute;
}

void step(utils::UnifiedGPUCompute& arrays);

#include "utils/unified_gpu_compute.hpp"

void step(utils::UnifiedGPUCompute& arrays) { arrays.swap_buffers(); }
