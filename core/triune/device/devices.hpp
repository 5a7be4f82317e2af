// SPDX-License-Identifier: Apache-2.0
// Which device a program uses where it names none.
#pragma once

#include <triune/device/device.hpp>

namespace triune {

// The process's devices, opened at their first use and never closed, so that nothing calls CUDA after main.
// TRIUNE_DEVICE=cuda|sim decides the kind; else CUDA where a GPU is present, else the simulated device. The choice is
// logged once: as a warning, with the reason, where nobody named a device and there is no GPU. Throws device_error,
// with the same reason, where CUDA was demanded and is not there, invalid_argument for another value.
DeviceKind default_device_kind();

// The current device: on CUDA the calling thread's (cudaGetDevice), else the only simulated one.
Device& current_device();

// Throws invalid_argument where there is no device of that number.
Device& device_at(int ordinal);

}  // namespace triune
