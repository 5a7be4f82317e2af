#include <triune/transition.hpp>
#include "utils/gpu_memory.hpp"

#include <cstdio>
#include <functional>
#include <string>
#include <vector>

// Only another name: these go.
void (triune::GraphArrays::*swapper)() noexcept = &triune::GraphArrays::swap_buffers;
triune::Buffer<float> triune::GraphArrays::*member = &triune::GraphArrays::mass;
const auto starter = std::mem_fn(&triune::GraphArrays::start_positions_download);

// Another type, or no function of its own any more: these are left.
triune::NodeVectors (triune::transition::GraphArrays::*getter)() = &triune::transition::GraphArrays::get_node_positions;
void (triune::transition::Buffer<float>::*copier)(const std::vector<float>&) = &triune::transition::Buffer<float>::copy_from;
void (triune::transition::GraphArrays::*grower)(std::size_t, std::size_t) = &triune::transition::GraphArrays::resize_buffers;
triune::transition::Buffer<float> (*maker)(std::size_t) = &triune::transition::Buffer<float>::zeroed;
std::vector<std::string> (*leaks)() = &utils::check_gpu_memory_leaks;

void use(triune::GraphArrays& compute) {
    (compute.*swapper)();
    starter(compute);
}

int main() {
    triune::GraphArrays compute(2, 0);
    use(compute);
    std::printf("%zu\n", (compute.*member).size());

    triune::transition::GraphArrays held(3, 0);
    (held.*grower)(4, 0);
    auto floats = maker(2);
    (floats.*copier)({1.0F, 2.0F});
    std::printf("%zu %zu %zu\n", std::get<0>((held.*getter)()).size(), floats.size(), leaks().size());
}
