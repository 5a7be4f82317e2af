// SPDX-License-Identifier: Apache-2.0
// Host functions that a stream runs, and how the verbs know that one of them is calling.
#pragma once

#include <triune/device/device.hpp>

namespace triune::sim {

// True on a thread that is inside host_call.
bool in_host_call() noexcept;

void host_call(Device::HostFunction function, void* argument);

}  // namespace triune::sim
