// SPDX-License-Identifier: Apache-2.0
// The contestants that a build may have, a function a family.
#pragma once

#include <vector>

#include "contestant.hpp"

namespace bench {

std::vector<Entry> triune_entries();
std::vector<Entry> cuda_entries();   // cudaMalloc and the driver's own pool; in builds with CUDA
std::vector<Entry> cub_entries();    // in builds with nvcc
std::vector<Entry> torch_entries();  // in builds that found libtorch
std::vector<Entry> rmm_entries();    // in builds that found rmm

}  // namespace bench
