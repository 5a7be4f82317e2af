#include <cstddef>

namespace triune {
class GraphArrays;
}

void step(triune::GraphArrays& arrays);

#include <triune/triune.hpp>

void step(triune::GraphArrays& arrays) { arrays.swap_buffers(); }
