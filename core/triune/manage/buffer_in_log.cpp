// SPDX-License-Identifier: Apache-2.0
#include <triune/manage/buffer_in_log.hpp>

#include <array>
#include <charconv>
#include <cstdint>
#include <string_view>

#include <triune/base/log.hpp>
#include <triune/manage/buffer_state.hpp>
#include <triune/manage/device_resources.hpp>

namespace triune {
namespace {

std::string stream_text(StreamOrder order) {
    if (!order.names_stream()) return "all streams";
    std::array<char, 2 * sizeof(std::uintptr_t)> digits{};
    const auto number = reinterpret_cast<std::uintptr_t>(order.stream());
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number, 16).ptr;
    return "stream 0x" + std::string(digits.data(), end);
}

}  // namespace

int device_in_log(const DeviceResources& resources) noexcept {
    return log::enabled(log::Level::debug) ? resources.device.properties().ordinal : 0;
}

std::string in_log(const BufferState& buffer, int device, StreamOrder order) {
    std::string text = "device " + std::to_string(device) + ", " + stream_text(order) + ", '" + buffer.label() + "'";
    const std::source_location& where = buffer.origin().where;
    if (where.line() == 0) return text;
    const std::string_view path = where.file_name();
    text.append(" (made at ").append(path.substr(path.find_last_of('/') + 1));
    return text + ":" + std::to_string(where.line()) + ")";
}

}  // namespace triune
