#include "utils/gpu_memory.hpp"

#define COUNT_OF(buffer) ((buffer).len())
#define NEVER_EXPANDED utils::check_gpu_memory_leaks()
#define SAME(expression) (expression)

std::size_t use(const utils::DeviceBuffer<float>& buffer) {
    return COUNT_OF(buffer);
}

std::size_t leaks() { return SAME(utils::check_gpu_memory_leaks().size()); }

// Nothing here touches a macro.
void wait(const utils::MultiStreamManager& streams) { streams.synchronize_all(); }
