#include <cstdio>
#if __has_include("utils/gpu_memory.hpp")
#include "utils/gpu_memory.hpp"
#define TRACKED 1
#endif
#if defined(__has_include) && __has_include(<utils/unified_gpu_compute.hpp>) && __has_include(<vector>)
#define HAS_COMPUTE 1
#endif

// Without the legacy headers in the project these conditions would be false, and the program another one.
int main() {
#ifdef TRACKED
    auto buffer = utils::create_managed_buffer<float>(3, "three");
    std::printf("%zu\n", utils::check_gpu_memory_leaks().size());
#endif
#ifdef HAS_COMPUTE
    std::printf("compute\n");
#endif
}
