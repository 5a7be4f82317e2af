#include "shared.hpp"

bool fits(const Weights& weights) {
    const Weights fresh{make_values(weights.count())};
    return fresh.values.size() == weights.values.size() && !utils::get_global_cuda_error_handler()->should_fallback_to_cpu();
}
