#pragma once

#include <triune/triune.hpp>

// Its code stands in lengths.cpp, for the types named there.
template <typename Array>
std::size_t length_of(const Array& array);
template <typename Array>
std::size_t made_length(std::size_t count);

template <typename Array>
std::size_t kept_length(std::size_t count);

template <typename Array>
struct measured {
    std::size_t length() const;
    const Array& array;
};

extern template std::size_t made_length<triune::Buffer<int>>(std::size_t);
