// SPDX-License-Identifier: Apache-2.0
// A buffer in a line of the log.
#pragma once

#include <string>

#include <triune/device/stream_order.hpp>

namespace triune {

class BufferState;
class DeviceResources;

// Of the device, for a line that is written once the buffer may be gone; 0 where nobody reads such lines.
int device_in_log(const DeviceResources& resources) noexcept;

// "device 0, stream 0x7f12a0, 'positions' (made at main.cpp:12)", or "all streams" where the call names none. Reads
// nothing that a free ends.
std::string in_log(const BufferState& buffer, int device, StreamOrder order);

}  // namespace triune
