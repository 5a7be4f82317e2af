#include <triune/triune.hpp>
#include "utils/gpu_memory.hpp"

#include <cstdio>
#include <utility>
#include <vector>

// A managed buffer keeps its name and its size when what is inside it is replaced: these stay.
struct Tracked {
    utils::ManagedDeviceBuffer<float> data = utils::create_managed_buffer<float>(3, "data");
    utils::DeviceBuffer<float>& raw() { return data.as_device_buffer_mut(); }
};
void regrow(utils::DeviceBuffer<float>& buffer, std::size_t count) {
    if (buffer.len() < count) buffer = utils::DeviceBuffer<float>::zeroed(count);
}

// Written to, and never replaced.
void fill(triune::Buffer<int>& buffer) { buffer.upload(std::vector<int>(buffer.size(), 7)); }

int main() {
    Tracked tracked;
    regrow(tracked.raw(), 5);
    std::printf("%s %zu %zu\n", tracked.data.name().c_str(), tracked.data.size_bytes(), tracked.raw().len());

    auto chars = utils::create_managed_buffer<char>(2, "chars");
    auto plain = utils::DeviceBuffer<char>::zeroed(9);
    auto& inside = chars.as_device_buffer_mut();
    std::swap(inside, plain);
    std::printf("%s %zu %zu\n", chars.name().c_str(), chars.size_bytes(), inside.len());
    std::printf("%zu\n", triune::default_manager().report_leaks().size());

    auto ints = triune::default_manager().make_buffer<int>("ints", 4);
    fill(ints);
    std::vector<int> host(4);
    ints.download(host);
    std::printf("%d %s\n", host[3], ints.name().c_str());
}
