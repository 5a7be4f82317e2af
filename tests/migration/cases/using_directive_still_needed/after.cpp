#include <triune/triune.hpp>
#include "utils/cuda_error_handling.hpp"

using namespace utils;

bool broken(triune::StreamSet& streams) {
    streams.memory().synchronize();
    return get_global_cuda_error_handler()->should_fallback_to_cpu();
}
