#include <cstdio>
#include <vector>

#include "utils/gpu_memory.hpp"

namespace app {

using utils::DeviceBuffer;
using utils::create_managed_buffer;

DeviceBuffer<float> copy_of(const DeviceBuffer<float>& source) {
    std::vector<float> values(source.len());
    source.copy_to(values);
    return DeviceBuffer<float>::from_slice(values);
}

auto scratch() { return create_managed_buffer<double>(16, "scratch"); }

}  // namespace app

int main() {
    const auto copy = app::copy_of(utils::DeviceBuffer<float>::filled(2, 1.5F));
    std::vector<float> values(copy.len());
    copy.copy_to(values);
    std::printf("%g %s\n", values[1], app::scratch().name().c_str());
}
