// SPDX-License-Identifier: Apache-2.0
// Under which name NVIDIA's tools find what the library tells them.
#pragma once

#include <nvtx3/nvToolsExt.h>

namespace triune::cuda {

// NVTX looks for a tool once, at its first call. Null where none runs, and for compute-sanitizer, which takes heaps and
// regions all the same.
inline nvtxDomainHandle_t nvtx_domain() noexcept {
    static const nvtxDomainHandle_t handle = nvtxDomainCreateA("triune");
    return handle;
}

}  // namespace triune::cuda
