// SPDX-License-Identifier: Apache-2.0
#include <triune/detail/base/printable.hpp>

#include <array>
#include <cstddef>

#include <triune/detail/base/utf8.hpp>

namespace triune {
namespace {

// Bytes of the printable character that `text` begins with; 0 where it begins with none. Control characters are those
// below U+0020 and U+007F to U+009F.
std::size_t printable_bytes(std::string_view text) noexcept {
    const std::size_t bytes = character_bytes(text);
    const auto last = bytes == 0 ? 0U : static_cast<unsigned char>(text[bytes - 1]);
    if (bytes == 1) return last < 0x20 || last == 0x7F ? 0 : 1;
    return bytes == 2 && text[0] == '\xC2' && last < 0xA0 ? 0 : bytes;
}

}  // namespace

bool is_printable(std::string_view text) noexcept {
    while (!text.empty()) {
        const std::size_t bytes = printable_bytes(text);
        if (bytes == 0) return false;
        text.remove_prefix(bytes);
    }
    return true;
}

std::string printable(std::string_view text) {
    constexpr std::array digits{'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'};
    if (is_printable(text)) return std::string(text);
    std::string shown;
    shown.reserve(2 * text.size());
    while (!text.empty()) {
        const std::size_t bytes = printable_bytes(text);
        if (bytes > 0) {
            shown += text.substr(0, bytes);
        } else {
            const auto byte = static_cast<unsigned char>(text.front());
            shown += "\\x";
            shown += digits[byte / 16];
            shown += digits[byte % 16];
        }
        text.remove_prefix(bytes > 0 ? bytes : 1);
    }
    return shown;
}

}  // namespace triune
