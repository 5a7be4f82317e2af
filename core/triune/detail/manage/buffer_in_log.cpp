// SPDX-License-Identifier: Apache-2.0
#include <triune/detail/manage/buffer_in_log.hpp>

#include <cstdint>

#include <triune/base/call_site.hpp>
#include <triune/base/log.hpp>
#include <triune/detail/base/hexadecimal.hpp>
#include <triune/detail/manage/buffer_state.hpp>
#include <triune/manage/device_resources.hpp>

namespace triune {
namespace {

std::string stream_text(StreamOrder order) {
    if (!order.names_stream()) return "all streams";
    return "stream " + hexadecimal(reinterpret_cast<std::uintptr_t>(order.stream()));
}

}  // namespace

int device_in_log(const DeviceResources& resources) noexcept {
    return log::enabled(log::Level::debug) ? resources.device.properties().ordinal : 0;
}

std::string in_log(const BufferState& buffer, int device, StreamOrder order) {
    std::string text = "device " + std::to_string(device) + ", " + stream_text(order) + ", '" + buffer.label() + "'";
    const CallSite& where = buffer.origin().where;
    if (where.line() == 0) return text;
    return text + " (made at " + place_text(where) + ")";
}

}  // namespace triune
