#include <triune/triune.hpp>
#include "utils/gpu_memory.hpp"

#include <cstdio>

#define COUNT_OF(buffer) ((buffer).size())
#define NEVER_EXPANDED utils::check_gpu_memory_leaks()
#define SAME(expression) (expression)

std::size_t use(const triune::Buffer<float>& buffer) {
    return COUNT_OF(buffer);
}

std::size_t leaks() { return SAME(triune::default_manager().report_leaks().size()); }

// Nothing here touches a macro.
void wait(const triune::StreamSet& streams) { streams.synchronize(); }

int main() {
    wait(triune::StreamSet());
    std::printf("%zu %zu\n", use(triune::Buffer<float>::zeroed(3)), leaks());
}
