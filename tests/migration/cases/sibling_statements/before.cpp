#include "utils/device_buffer.hpp"

#include <cstdio>

#define LENGTH(buffer) (buffer).len()

// The macro holds this variable back; the one beside it is free.
std::size_t both() {
    auto held = utils::DeviceBuffer<float>::zeroed(1);
    auto free = utils::DeviceBuffer<float>::zeroed(2);
    return LENGTH(held) + 1 + 0 * held.len();
}

std::size_t other(const utils::DeviceBuffer<float>& buffer) { return buffer.len(); }

int main() { std::printf("%zu %zu\n", both(), other(utils::DeviceBuffer<float>::zeroed(4))); }
