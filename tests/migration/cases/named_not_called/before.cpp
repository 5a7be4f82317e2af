#include "utils/gpu_memory.hpp"
#include "utils/unified_gpu_compute.hpp"

#include <cstdio>
#include <functional>
#include <string>
#include <vector>

// Only another name: these go.
void (utils::UnifiedGPUCompute::*swapper)() noexcept = &utils::UnifiedGPUCompute::swap_buffers;
utils::DeviceBuffer<float> utils::UnifiedGPUCompute::*member = &utils::UnifiedGPUCompute::mass;
const auto starter = std::mem_fn(&utils::UnifiedGPUCompute::start_async_download_positions);

// Another type, or no function of its own any more: these are left.
utils::NodeVectors (utils::UnifiedGPUCompute::*getter)() = &utils::UnifiedGPUCompute::get_node_positions;
void (utils::DeviceBuffer<float>::*copier)(const std::vector<float>&) = &utils::DeviceBuffer<float>::copy_from;
void (utils::UnifiedGPUCompute::*grower)(std::size_t, std::size_t) = &utils::UnifiedGPUCompute::resize_buffers;
utils::DeviceBuffer<float> (*maker)(std::size_t) = &utils::DeviceBuffer<float>::zeroed;
std::vector<std::string> (*leaks)() = &utils::check_gpu_memory_leaks;

void use(utils::UnifiedGPUCompute& compute) {
    (compute.*swapper)();
    starter(compute);
}

int main() {
    utils::UnifiedGPUCompute compute(2, 0);
    use(compute);
    std::printf("%zu\n", (compute.*member).len());

    utils::UnifiedGPUCompute held(3, 0);
    (held.*grower)(4, 0);
    auto floats = maker(2);
    (floats.*copier)({1.0F, 2.0F});
    std::printf("%zu %zu %zu\n", std::get<0>((held.*getter)()).size(), floats.len(), leaks().size());
}
