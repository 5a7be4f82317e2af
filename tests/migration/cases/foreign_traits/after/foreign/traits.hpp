// Somebody else's header, which is not edited.
#pragma once
#include <cstddef>
#include <functional>
#include <string>
#include <type_traits>

#include "utils/gpu_memory.hpp"

namespace foreign {

template <typename T>
struct is_gpu_buffer : std::false_type {};
template <typename T>
struct is_gpu_buffer<utils::DeviceBuffer<T>> : std::true_type {};

template <typename T>
struct printer {
    static std::string print(const T&) { return "?"; }
};
template <typename T>
struct printer<utils::DeviceBuffer<T>> {
    static std::string print(const utils::DeviceBuffer<T>& value) { return std::to_string(value.len()); }
};

template <typename T>
struct storage {
    int slots = 1;
};
template <>
struct storage<utils::Stream> {
    int slots = 3;
};

template <typename T>
int visit(const T&) {
    return is_gpu_buffer<T>::value ? 1 : 0;
}

template <typename T>
int probe(const T&) {
    return -1;
}
inline int probe(const utils::LabelMappingCache&) { return 5; }

}  // namespace foreign
