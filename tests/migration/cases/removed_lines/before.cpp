#include "utils/gpu_memory.hpp"

#include <cstdio>

namespace layout {

using utils::create_managed_buffer;
using utils::create_managed_buffer_from_slice;

std::size_t bytes(const std::vector<int>& values) {
    return create_managed_buffer<int>(3, "fixed").size_bytes() +
           create_managed_buffer_from_slice(values, "given").size_bytes();
}

}  // namespace layout

int main() { std::printf("%zu\n", layout::bytes({1, 2})); }
