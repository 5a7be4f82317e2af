// SPDX-License-Identifier: Apache-2.0
// A frame's work on the device, as an application's kernels would queue it.
#pragma once

#include <cstddef>

struct FrameArrays {
    const float* in[3];
    float* out[3];
    std::size_t count;
};

// Queues work on `stream` that writes `out` from `in` and takes `microseconds` at least; where the arrays are the
// host's own, writes them at once.
void queue_frame_work(const FrameArrays& arrays, double microseconds, void* stream);
