#include <cstdio>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gpu/dynamic_buffer_manager.hpp"
#include "utils/gpu_memory.hpp"

using Array = utils::DeviceBuffer<float>;
template <typename T>
using Managed = utils::ManagedDeviceBuffer<T>;

struct Pool {
    std::vector<Array> arrays;
    std::map<std::string, Managed<int>> by_name;
    std::optional<utils::DeviceBuffer<double>> maybe;
    std::function<std::size_t(const Array&)> measure = [](const Array& array) { return array.len(); };
    std::vector<gpu::DynamicGpuBuffer> untyped;
};

std::size_t fill(Pool& pool, std::size_t (utils::DeviceBuffer<float>::*length)() const) {
    pool.arrays.push_back(Array::filled(3, 1.0F));
    pool.by_name.emplace("one", utils::create_managed_buffer<int>(1, "one"));
    pool.maybe = utils::DeviceBuffer<double>::zeroed(2);
    pool.untyped.emplace_back("raw", gpu::BufferConfig::for_edges(), utils::get_global_cuda_error_handler());
    std::size_t sum = pool.maybe->len();
    for (auto& array : pool.arrays) sum += array.len() + pool.measure(array) + (array.*length)();
    for (auto& [name, buffer] : pool.by_name) sum += buffer.as_device_buffer().len() + name.size();
    for (auto& raw : pool.untyped) raw.ensure_capacity(sum);
    return sum;
}

std::size_t use(Pool& pool) { return fill(pool, &utils::DeviceBuffer<float>::len); }

int main() {
    Pool pool;
    std::printf("%zu\n", use(pool));
    for (const auto& raw : pool.untyped) std::printf("%s %zu\n", raw.name().c_str(), raw.capacity_bytes());
}
