// SPDX-License-Identifier: Apache-2.0
// Contents and sizes of a UnifiedGPUCompute, for the tests of module 3.
#pragma once

#include "utils/unified_gpu_compute.hpp"

#include <cstddef>
#include <numeric>
#include <vector>

using Floats = std::vector<float>;
using Integers = std::vector<std::int32_t>;

template <typename T>
std::vector<T> all_of(const utils::DeviceBuffer<T>& array) {
    std::vector<T> values(array.len());
    array.copy_to(values);
    return values;
}

// first, first + 1, ...
inline Floats ramp(std::size_t count, float first) {
    Floats values(count);
    std::iota(values.begin(), values.end(), first);
    return values;
}

inline utils::NodeVectors three(std::size_t count, float value) {
    const Floats values(count, value);
    return {values, values, values};
}
