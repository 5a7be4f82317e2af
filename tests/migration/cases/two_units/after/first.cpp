#include "shared.hpp"
#include <triune/triune.hpp>

triune::Buffer<float> make_values(std::size_t count) { return triune::Buffer<float>::zeroed(count); }
