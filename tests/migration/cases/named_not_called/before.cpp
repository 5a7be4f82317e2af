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

// No function of its own any more, or one of more parameters: a lambda is a pointer to one.
utils::DeviceBuffer<float> (*maker)(std::size_t) = &utils::DeviceBuffer<float>::zeroed;
const auto filler = &utils::DeviceBuffer<int>::filled;
std::vector<std::string> (*leaks)() = &utils::check_gpu_memory_leaks;
const std::function<std::size_t()> usage = [] { return std::invoke(utils::get_gpu_memory_usage).first; };
const auto named = &utils::create_managed_buffer<int>;
auto* const copied = utils::create_managed_buffer_from_slice<int>;
const auto sliced = &utils::DeviceBuffer<int>::from_slice;
struct Backend {
    utils::ManagedDeviceBuffer<int> (*create)(std::size_t, const std::string&);
    std::vector<std::string> (*leaks)();
};
const Backend backend{&utils::create_managed_buffer<int>, utils::check_gpu_memory_leaks};

// Another type: these are left.
utils::NodeVectors (utils::UnifiedGPUCompute::*getter)() = &utils::UnifiedGPUCompute::get_node_positions;
void (utils::DeviceBuffer<float>::*copier)(const std::vector<float>&) = &utils::DeviceBuffer<float>::copy_from;
void (utils::UnifiedGPUCompute::*grower)(std::size_t, std::size_t) = &utils::UnifiedGPUCompute::resize_buffers;

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

    const auto first = named(5, "first");
    const auto second = copied({1, 2}, "second");
    std::printf("%zu %zu %zu %zu\n", first.size_bytes(), second.as_device_buffer().len(), usage(),
                sliced({1, 2, 3}).len() + filler(2, 7).len());
    std::printf("%zu %zu\n", backend.create(2, "third").size_bytes(), backend.leaks().size());
}
