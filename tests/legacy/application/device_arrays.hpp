// Reading and describing device arrays of any element type.
#pragma once

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "utils/device_buffer.hpp"
#include "utils/gpu_memory.hpp"

namespace package_map {

using FloatArray = utils::DeviceBuffer<float>;
using ManagedFloats = utils::ManagedDeviceBuffer<float>;
using ManagedLabels = utils::ManagedDeviceBuffer<std::int32_t>;

template <typename T>
std::vector<T> read_back(const utils::DeviceBuffer<T>& buffer) {
    std::vector<T> values(buffer.len());
    buffer.copy_to(values);
    return values;
}

// Replaces the front of a buffer, which may be longer than `values`; the rest gets `padding`.
template <typename T>
void write_front(utils::DeviceBuffer<T>& buffer, std::vector<T> values, const T& padding) {
    if (values.size() > buffer.len()) {
        throw std::invalid_argument("more values than the device array holds");
    }
    values.resize(buffer.len(), padding);
    buffer.copy_from(values);
}

template <typename T>
double mean_of(const utils::DeviceBuffer<T>& buffer) {
    double sum = 0.0;
    for (const T& value : read_back(buffer)) {
        sum += static_cast<double>(value);
    }
    return buffer.is_empty() ? 0.0 : sum / static_cast<double>(buffer.len());
}

template <typename T>
double kibibytes(const utils::ManagedDeviceBuffer<T>& buffer) {
    return static_cast<double>(buffer.size_bytes()) / 1024.0;
}

}  // namespace package_map
