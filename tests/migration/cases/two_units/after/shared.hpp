#pragma once

#include <triune/triune.hpp>
#include "utils/cuda_error_handling.hpp"

struct Weights {
    triune::Buffer<float> values;
    std::size_t count() const { return values.size(); }
};

triune::Buffer<float> make_values(std::size_t count);
