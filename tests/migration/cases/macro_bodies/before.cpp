#include "utils/gpu_memory.hpp"

#include <cstdio>

#define COUNT_OF(buffer) ((buffer).len())
#define NEVER_EXPANDED utils::check_gpu_memory_leaks()
#define SAME(expression) (expression)

std::size_t use(const utils::DeviceBuffer<float>& buffer) {
    return COUNT_OF(buffer);
}

std::size_t leaks() { return SAME(utils::check_gpu_memory_leaks().size()); }

// Nothing here touches a macro.
void wait(const utils::MultiStreamManager& streams) { streams.synchronize_all(); }

int main() {
    wait(utils::MultiStreamManager());
    std::printf("%zu %zu\n", use(utils::DeviceBuffer<float>::zeroed(3)), leaks());
}
