// SPDX-License-Identifier: Apache-2.0
// Stands in for gather.cu where there is no compiler for it: the driver's copies and fills serve.
#include <triune/detail/device/cuda/gather.hpp>

namespace triune::cuda {

cudaError_t prepare_gather() noexcept { return cudaErrorNotSupported; }

cudaError_t gather(const Gather&, int, cudaStream_t) noexcept { return cudaErrorNotSupported; }
cudaError_t add_gather(cudaGraph_t, const Gather&, int) noexcept { return cudaErrorNotSupported; }

}  // namespace triune::cuda
