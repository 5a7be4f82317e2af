// SPDX-License-Identifier: Apache-2.0
// The same work by the calling thread.
#pragma once

#include "frame_work.hpp"

void write_frame_on_host(const FrameArrays& arrays);
