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

template std::size_t length_of(const triune::Buffer<int>&);
template std::size_t made_length<triune::Buffer<int>>(std::size_t);
template std::size_t kept_length<triune::Buffer<char>>(std::size_t);
template std::size_t measured<triune::Buffer<int>>::length() const;
