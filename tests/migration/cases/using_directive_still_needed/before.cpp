#include "utils/gpu_memory.hpp"

using namespace utils;

bool broken(MultiStreamManager& streams) {
    streams.get_memory_stream().synchronize();
    return get_global_cuda_error_handler()->should_fallback_to_cpu();
}
