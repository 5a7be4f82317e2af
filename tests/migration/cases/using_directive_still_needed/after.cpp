#include <triune/triune.hpp>
#include "utils/cuda_error_handling.hpp"

#include <cstdio>

using namespace utils;

bool broken(triune::StreamSet& streams) {
    streams.memory().synchronize();
    return get_global_cuda_error_handler()->should_fallback_to_cpu();
}

int main() {
    triune::StreamSet streams;
    std::printf("%d\n", broken(streams));
}
