#include "engine.hpp"

#include "utils/gpu_memory.hpp"

#include <cstdio>

int main() {
    const auto buffer = utils::create_managed_buffer_from_slice(std::vector<float>{1, 2, 3}, "values");
    std::printf("%g\n", total(buffer));
}
