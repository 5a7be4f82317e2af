#include "utils/gpu_memory.hpp"

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

std::size_t next_size() { return 5; }

utils::ManagedDeviceBuffer<float> make_weights(const std::vector<float>& values) {
    return utils::create_managed_buffer_from_slice(values, "weights");
}

std::size_t use(std::size_t count) {
    auto plain = utils::create_managed_buffer<float>(count * 2, "plain");
    auto sized = utils::create_managed_buffer<int>(next_size(), "sized");
    auto owned = std::make_unique<utils::ManagedDeviceBuffer<float>>(make_weights({1.0F, 2.0F}));
    const utils::DeviceBuffer<float>& inside = plain.as_device_buffer();
    utils::DeviceBuffer<float>& inner = owned->as_device_buffer_mut();
    std::vector<float> values(inside.len());
    inner.copy_to(values);
    plain.as_device_buffer_mut().copy_from(values);
    return owned->as_device_buffer().len() + sized.size_bytes() + plain.name().size();
}

int main() { std::printf("%zu\n", use(1)); }
