#include "lengths.hpp"
#include <triune/triune.hpp>

template <typename Array>
std::size_t length_of(const Array& array) {
    return array.size();
}
template <typename Array>
std::size_t made_length(std::size_t count) {
    return Array::zeroed(count).size();
}
template <typename Array>
std::size_t kept_length(std::size_t count) {
    return Array::zeroed(count).size();
}
template <typename Array>
std::size_t measured<Array>::length() const {
    return array.size();
}

using namespace triune;

template std::size_t length_of(const Buffer<int>&);
template std::size_t made_length<Buffer<int>>(std::size_t);
template std::size_t kept_length<Buffer<char>>(std::size_t);
template std::size_t measured<Buffer<int>>::length() const;
