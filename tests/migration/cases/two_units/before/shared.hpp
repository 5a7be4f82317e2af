#pragma once

#include "utils/device_buffer.hpp"
#include "utils/gpu_memory.hpp"

struct Weights {
    utils::DeviceBuffer<float> values;
    std::size_t count() const { return values.len(); }
};

utils::DeviceBuffer<float> make_values(std::size_t count);
