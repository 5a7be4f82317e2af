#include <cstddef>

namespace triune {
class GraphArrays;
}

void step(triune::GraphArrays& arrays);

#include <triune/triune.hpp>

#include <cstdio>

void step(triune::GraphArrays& arrays) { arrays.swap_buffers(); }

int main() {
    triune::GraphArrays arrays(2, 0);
    const float* before = arrays.pos_in_x.data();
    step(arrays);
    std::printf("%d\n", arrays.pos_out_x.data() == before);
}
