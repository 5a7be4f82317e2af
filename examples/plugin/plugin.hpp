// SPDX-License-Identifier: Apache-2.0
// What a plugin offers.
#pragma once

#include <triune/manage/manager.hpp>

using SmoothFunction = void (*)(triune::GpuMemoryManager& manager, const triune::BufferHandle<float>& positions);
