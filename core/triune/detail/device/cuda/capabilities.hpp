// SPDX-License-Identifier: Apache-2.0
// What a CUDA device can do.
#pragma once

#include <cuda.h>

#include <triune/device/device.hpp>

namespace triune::cuda {

// Asked of the driver. A capability that cannot be asked is one that is not there.
void ask_capabilities(CUdevice device, CUcontext context, DeviceProperties& properties) noexcept;

}  // namespace triune::cuda
