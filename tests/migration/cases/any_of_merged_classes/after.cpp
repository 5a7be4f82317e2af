#include <triune/triune.hpp>
#include "utils/gpu_memory.hpp"

#include <any>
#include <cstdio>
#include <memory>

using plain = std::shared_ptr<utils::DeviceBuffer<float>>;
using managed = std::shared_ptr<utils::ManagedDeviceBuffer<float>>;

int kind(const std::any& held) {
    if (std::any_cast<managed>(&held) != nullptr) return 2;
    if (std::any_cast<plain>(&held) != nullptr) return 1;
    return 0;
}

int main() {
    const std::any first = std::make_shared<utils::DeviceBuffer<float>>(utils::DeviceBuffer<float>::zeroed(2));
    const std::any second = std::make_shared<utils::ManagedDeviceBuffer<float>>(utils::create_managed_buffer<float>(2, "m"));
    std::printf("%d %d\n", kind(first), kind(second));
    // Only ever of this one.
    const std::any third = std::make_shared<triune::Buffer<int>>(triune::Buffer<int>::zeroed(2));
    std::printf("%d\n", std::any_cast<std::shared_ptr<triune::Buffer<int>>>(&third) != nullptr);
}
