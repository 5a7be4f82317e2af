#include "utils/gpu_memory.hpp"
#include "utils/unified_gpu_compute.hpp"

#include <vector>

// What took a vector takes a span, which braces alone do not make.
utils::DeviceBuffer<float> floats = utils::DeviceBuffer<float>::from_slice({1.0F, 2.0F});

void fill(utils::DeviceBuffer<int>& buffer, utils::UnifiedGPUCompute& compute) {
    buffer.copy_from({1, 2, 3});
    buffer.copy_from(std::vector<int>{4, 5, 6});
    compute.upload_positions({1.0F}, {2.0F}, {3.0F});
}

// Words and argument change places together.
auto managed = utils::create_managed_buffer_from_slice<float>({1.0F, 2.0F}, "managed");

// This one still takes a vector.
utils::LabelMappingCache::Labels labels(utils::LabelMappingCache& cache) {
    return cache.get_or_compute_mapping({1, 2}, [](const auto& all) { return all; });
}
