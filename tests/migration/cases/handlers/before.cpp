#include <cstdio>

#include "utils/gpu_memory.hpp"

void fill(std::size_t bytes = 12) { auto buffer = utils::create_managed_buffer<char>(bytes, "some"); }

int guarded(std::size_t bytes) {
    try {
        fill(bytes);
    } catch (const utils::CudaException& e) {
        std::fprintf(stderr, "%s\n", e.what());
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

int main() {
    const int fits = guarded(12);
    const int fails = guarded(~std::size_t{0} / 2);
    std::printf("%d %d %d %d\n", fits, fails, checked(), unrelated());
}
