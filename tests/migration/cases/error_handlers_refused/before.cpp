#include "utils/gpu_memory.hpp"

void report(const utils::CudaException& error);

// The exception object goes on to a function of the program's own, so the call under the handler stays.
std::size_t guarded() {
    try {
        return utils::create_managed_buffer<float>(3, "three").size_bytes();
    } catch (const utils::CudaException& error) {
        report(error);
    }
    return 0;
}

// No handler above this one.
std::size_t plain() { return utils::check_gpu_memory_leaks().size(); }
