#include "lengths.hpp"

template <typename Array>
std::size_t length_of(const Array& array) {
    return array.len();
}
template <typename Array>
std::size_t made_length(std::size_t count) {
    return Array::zeroed(count).len();
}
template <typename Array>
std::size_t kept_length(std::size_t count) {
    return Array::zeroed(count).len();
}
template <typename Array>
std::size_t measured<Array>::length() const {
    return array.len();
}

using namespace utils;

template std::size_t length_of(const DeviceBuffer<int>&);
template std::size_t made_length<DeviceBuffer<int>>(std::size_t);
template std::size_t kept_length<DeviceBuffer<char>>(std::size_t);
template std::size_t measured<DeviceBuffer<int>>::length() const;
