// SPDX-License-Identifier: Apache-2.0
// The pool's blocks, told to compute-sanitizer.
#pragma once

namespace triune::cuda {

// Where TRIUNE_NVTX_MEMORY asks for it, the pool's memory becomes NVTX heaps and its blocks their regions, so that
// memcheck finds an access between two buffers. True then: no memory may be mapped, of which the tool takes no heap
// (compute-sanitizer 2025.3: "parameters are invalid").
bool offer_nvtx_memory() noexcept;

}  // namespace triune::cuda
