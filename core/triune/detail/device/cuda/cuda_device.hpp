// SPDX-License-Identifier: Apache-2.0
// A GPU behind the seam: the CUDA runtime, linked statically, and driver entry points looked up at run time.
#pragma once

#include <memory>
#include <string>

#include <triune/device/device.hpp>

namespace triune::cuda {

// Devices that the driver shows; 0 where there is no driver or no GPU. Never throws, leaves no CUDA error behind.
int device_count() noexcept;

// Why there are none, as a clause: "no NVIDIA driver is installed (...)", or what else CUDA says. Leaves no CUDA error
// behind. Throws std::bad_alloc.
std::string why_no_device();

// The calling thread's current device (cudaGetDevice); 0 where it cannot be asked.
int current_ordinal() noexcept;

// Null, with the reason in `status`, where the device cannot be opened. In a build without the toolkit always null.
std::unique_ptr<Device> open_device(int ordinal, Status& status) noexcept;

}  // namespace triune::cuda
