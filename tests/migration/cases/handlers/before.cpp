#include <cstdio>

#include "utils/gpu_memory.hpp"

void fill() { auto buffer = utils::create_managed_buffer<float>(3, "three"); }

int guarded() {
    try {
        fill();
    } catch (const utils::CudaException& e) {
        std::printf("%s\n", e.what());
        return e.code() == utils::CudaError::OutOfMemory ? 1 : 2;
    }
    return 0;
}

int checked() {
    try {
        fill();
        utils::get_global_cuda_error_handler()->check_error("fill");
    } catch (const utils::CudaException& e) {
        return static_cast<int>(e.code());
    }
    return 0;
}

int unrelated() {
    try {
        utils::get_global_cuda_error_handler()->check_error("nothing");
    } catch (const utils::CudaException& e) {
        return static_cast<int>(e.code());
    }
    return 0;
}
