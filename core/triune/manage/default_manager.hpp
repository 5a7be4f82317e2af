// SPDX-License-Identifier: Apache-2.0
// The manager of code that makes none of its own.
#pragma once

#include <triune/manage/manager.hpp>

namespace triune {

// The current device's, made at the first call and never destroyed, so that nothing calls CUDA after main. The facades
// draw from it, and so does new code that makes no manager: each byte counts once, in one total. Its limit is
// GpuMemoryManager::default_limit_bytes. Throws device_error where there is no device to open.
GpuMemoryManager& default_manager();

}  // namespace triune
