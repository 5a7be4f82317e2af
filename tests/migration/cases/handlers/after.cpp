#include <cstdio>

#include <triune/triune.hpp>
#include "utils/cuda_error_handling.hpp"

void fill(std::size_t bytes = 12) { auto buffer = triune::default_manager().make_buffer<char>("some", bytes); }

int guarded(std::size_t bytes) {
    try {
        fill(bytes);
    } catch (const triune::Error& e) {
        std::fprintf(stderr, "%s\n", e.what());
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

int main() {
    const int fits = guarded(12);
    const int fails = guarded(~std::size_t{0} / 2);
    std::printf("%d %d %d %d\n", fits, fails, checked(), unrelated());
}
