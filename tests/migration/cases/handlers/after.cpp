#include <cstdio>

#include <triune/triune.hpp>
#include "utils/cuda_error_handling.hpp"

void fill() { auto buffer = triune::default_manager().make_buffer<float>("three", 3); }

int guarded() {
    try {
        fill();
    } catch (const triune::Error& e) {
        std::printf("%s\n", e.what());
        return static_cast<utils::CudaError>(e.cuda_error()) == utils::CudaError::OutOfMemory ? 1 : 2;
    }
    return 0;
}

int checked() {
    try {
        fill();
        utils::get_global_cuda_error_handler()->check_error("fill");
    } catch (const triune::Error& e) {
        return e.cuda_error();
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
