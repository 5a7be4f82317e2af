#include <cstdio>
#if __has_include(<triune/triune.hpp>)
#include <triune/triune.hpp>
#define TRACKED 1
#endif
#if defined(__has_include) && __has_include(<triune/triune.hpp>) && __has_include(<vector>)
#define HAS_COMPUTE 1
#endif

// Without the legacy headers in the project these conditions would be false, and the program another one.
int main() {
#ifdef TRACKED
    auto buffer = triune::default_manager().make_buffer<float>("three", 3);
    std::printf("%zu\n", triune::default_manager().report_leaks().size());
#endif
#ifdef HAS_COMPUTE
    std::printf("compute\n");
#endif
}
