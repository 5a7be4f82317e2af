#include <triune/triune.hpp>
#include "utils/gpu_memory.hpp"

#include <cstdio>

void report(const utils::CudaException& error) { std::puts(error.what()); }

// The exception object goes on to a function of the program's own, so the call under the handler stays.
std::size_t guarded(std::size_t bytes) {
    try {
        return utils::create_managed_buffer<float>(3, "three").size_bytes() +
               utils::create_managed_buffer<char>(bytes, "more").size_bytes();
    } catch (const utils::CudaException& error) {
        report(error);
    }
    return 0;
}

// No handler above this one.
std::size_t plain() { return triune::default_manager().report_leaks().size(); }

int main() {
    const std::size_t guarded_bytes = guarded(4);
    std::printf("%zu %zu %zu\n", guarded_bytes, guarded(~std::size_t{0} / 2), plain());
}
