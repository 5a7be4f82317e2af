// SPDX-License-Identifier: Apache-2.0
// Legacy uses inside templates: which of them compilers count, and how often. INSTANTIATE says whether anything is instantiated.
#include "utils/gpu_memory.hpp"

template <typename Array>
std::size_t length_of(const Array& array) {
    return array.len();  // depends on the parameter
}

template <typename T>
std::size_t leaks_and(T more) {
    return utils::check_gpu_memory_leaks().size() + more;  // depends on none
}

#ifdef INSTANTIATE
std::size_t of_two_types(const utils::DeviceBuffer<float>& a, const utils::DeviceBuffer<int>& b) {
    return length_of(a) + length_of(b) + length_of(a) + leaks_and(1U) + leaks_and(std::size_t{1});
}
#endif
