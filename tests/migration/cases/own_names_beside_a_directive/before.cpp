#include "utils/gpu_memory.hpp"

#include <cstdio>
#include <string>

using namespace utils;

// The new namespace has these names too: a using-directive for it would make them ambiguous.
struct Buffer {
    std::string name;
};
struct Error {};
Buffer pool(const Buffer& from) { return {from.name + "!"}; }

std::size_t length_of(const DeviceBuffer<float>& values) { return values.len(); }

int main() {
    auto values = create_managed_buffer<float>(8, "eight");
    MultiStreamManager streams;
    streams.synchronize_all();
    try {
        std::printf("%zu\n", length_of(values.as_device_buffer()));
        throw Error();
    } catch (const Error&) {
        std::printf("%s\n", pool(Buffer{"own"}).name.c_str());
    }
}
