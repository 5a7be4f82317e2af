#include "utils/gpu_memory.hpp"
#include "utils/unified_gpu_compute.hpp"

#include <cstdio>
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

int main() {
    auto ints = utils::DeviceBuffer<int>::zeroed(3);
    utils::UnifiedGPUCompute compute(1, 0);
    fill(ints, compute);
    std::vector<int> values(3);
    ints.copy_to(values);
    std::vector<float> out(managed.as_device_buffer().len());
    managed.as_device_buffer().copy_to(out);
    const auto [x, y, z] = compute.get_node_positions();
    utils::LabelMappingCache cache;
    std::printf("%d %d %d %g %g %g %g %g %zu %zu\n", values[0], values[1], values[2], out[0], out[1], x[0], y[0], z[0],
                floats.len(), labels(cache).size());
}
