// SPDX-License-Identifier: Apache-2.0
// Legacy code in C++17: words that are keywords in C++20 are its names.
#define TRIUNE_NO_DEPRECATION
#include <utils/gpu_memory.hpp>

struct Plan {
    int requires = 1;
    int concept = 2;
};

int main() {
    const Plan plan;
    return utils::check_gpu_memory_leaks().empty() && plan.requires + plan.concept == 3 ? 0 : 1;
}
