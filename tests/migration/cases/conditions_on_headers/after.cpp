#include <cstdio>
#if __has_include(<triune/triune.hpp>)
#include <triune/triune.hpp>
#define TRACKED 1
#endif
#if defined(__has_include) && __has_include(<triune/triune.hpp>) && __has_include(<vector>)
#define HAS_COMPUTE 1
#endif
// Found nowhere: the answer is no, before and after.
#if __has_include("gpu_lib/utils/unified_gpu_compute.hpp") || __has_include(<gpu_lib/utils/gpu_memory.hpp>)
#define ELSEWHERE 1
#endif
// Asked by nobody, so that nobody knows what the answer would be.
#if defined(TRACKED)
#elif __has_include("utils/gpu_memory.hpp")
#define TRACKED 2
#endif
#define HAS_MANAGER __has_include(<gpu/dynamic_buffer_manager.hpp>)

// Without the legacy headers in the project these conditions would be false, and the program another one.
int main() {
#ifdef TRACKED
    auto buffer = triune::default_manager().make_buffer<float>("three", 3);
    std::printf("%zu\n", triune::default_manager().report_leaks().size());
#endif
#ifdef HAS_COMPUTE
    std::printf("compute\n");
#endif
#ifdef ELSEWHERE
    std::printf("elsewhere\n");
#endif
}
