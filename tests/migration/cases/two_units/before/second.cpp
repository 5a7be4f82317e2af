#include "shared.hpp"

#include <cstdio>

bool fits(const Weights& weights) {
    const Weights fresh{make_values(weights.count())};
    return fresh.values.len() == weights.values.len() && !utils::get_global_cuda_error_handler()->should_fallback_to_cpu();
}

int main() { std::printf("%d\n", fits({make_values(3)})); }
