// SPDX-License-Identifier: Apache-2.0
// What a CUDA device can do.
#pragma once

#include <cuda.h>

#include <triune/device/device.hpp>

namespace triune::cuda {

// Asked of the driver. A capability that cannot be asked is one that is not there.
void ask_capabilities(CUdevice device, CUcontext context, DeviceProperties& properties) noexcept;

// Whether the program says that it captures graphs, before anything shows it: TRIUNE_GRAPH_CAPTURE.
bool captures_are_announced() noexcept;

}  // namespace triune::cuda
