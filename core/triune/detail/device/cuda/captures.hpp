// SPDX-License-Identifier: Apache-2.0
// Whether streams are being captured into graphs.
#pragma once

#include <cuda.h>

#include <triune/base/status.hpp>

namespace triune::cuda {

// Whether the program says that it captures graphs, before anything shows it: TRIUNE_GRAPH_CAPTURE.
bool captures_are_announced() noexcept;

// Of the legacy stream: whether one that it would wait for is. 28 ns; harms no capture.
Status ask_capture(CUstream stream, bool& capturing) noexcept;
// False also of a stream that the driver does not know.
inline bool captures(CUstream stream) noexcept {
    bool capturing = false;
    return ask_capture(stream, capturing).ok() && capturing;
}

}  // namespace triune::cuda
