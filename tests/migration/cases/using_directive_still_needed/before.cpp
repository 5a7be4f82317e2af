#include "utils/gpu_memory.hpp"

#include <cstdio>

using namespace utils;

bool broken(MultiStreamManager& streams) {
    streams.get_memory_stream().synchronize();
    return get_global_cuda_error_handler()->should_fallback_to_cpu();
}

int main() {
    MultiStreamManager streams;
    std::printf("%d\n", broken(streams));
}
