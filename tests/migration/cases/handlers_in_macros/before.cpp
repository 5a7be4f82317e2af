#include <cstdio>

#include "utils/gpu_memory.hpp"

// A handler in a macro is never edited, so what it is for stays too. Where the macro is given the type and asks nothing
// else of the exception, that argument is edited.
#define CODE_OF(call)                       \
    try {                                   \
        call;                               \
    } catch (const utils::CudaException& e) { \
        return static_cast<int>(e.code());  \
    }
#define FAILS_WITH(call, exception) \
    [&] {                           \
        try {                       \
            call;                   \
        } catch (const exception&) { \
            return true;            \
        }                           \
        return false;               \
    }()

void fill(std::size_t bytes) { auto buffer = utils::create_managed_buffer<char>(bytes, "some"); }
void zero(std::size_t count) { auto buffer = utils::DeviceBuffer<char>::zeroed(count); }

int guarded(std::size_t bytes) {
    CODE_OF(fill(bytes))
    return 0;
}

bool expected(std::size_t count) { return FAILS_WITH(zero(count), utils::CudaException); }

std::size_t leaks() { return utils::check_gpu_memory_leaks().size(); }

int main() {
    constexpr std::size_t huge = ~std::size_t{0} / 2;
    std::printf("%d %d %d %d %zu\n", guarded(12), guarded(huge), expected(12), expected(huge), leaks());
}
