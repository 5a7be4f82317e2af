// SPDX-License-Identifier: Apache-2.0
// Several copies and fills on a device as one piece of work.
#pragma once

#include <cuda_runtime_api.h>

#include <span>

#include <triune/device/device.hpp>

namespace triune::cuda {

// See Device::copy_on_device. Each alone would be a kernel of the driver's, a copy from about a megabyte on two: one of
// ours does all at once, with up to `multiprocessors`, or none of ours where that is 0. What one call cannot do is one
// graph, which costs some tens of microseconds to make, so that nothing comes in between.
cudaError_t copy_as_one(std::span<const CopyPiece> pieces, int multiprocessors, cudaStream_t stream) noexcept;

}  // namespace triune::cuda
