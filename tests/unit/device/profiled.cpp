// SPDX-License-Identifier: Apache-2.0
// Makes a range once NVTX has been offered as the sink, for profiler.cpp to print.
#include <triune/base/trace.hpp>
#include <triune/detail/device/cuda/nvtx.hpp>

int main() {
    triune::cuda::offer_nvtx();
    const triune::trace::Range range("allocate", "positions");
}
