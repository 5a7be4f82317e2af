#include <triune/base/printable.hpp>

#include <array>
#include <cstddef>
#include <cstdint>

namespace triune {
namespace {

// Bytes of the printable character that `text` begins with; 0 where it begins with none. Well-formed UTF-8 as in table
// 3-7 of the Unicode Standard: no overlong form, no surrogate, nothing beyond U+10FFFF.
std::size_t character_bytes(std::string_view text) noexcept {
    const auto byte = [&](std::size_t index) -> unsigned {
        return index < text.size() ? static_cast<unsigned char>(text[index]) : 0;
    };
    const unsigned lead = byte(0);
    if (lead < 0x80) return lead < 0x20 || lead == 0x7F ? 0 : 1;
    const std::size_t bytes = lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;
    // The second byte's range is narrower behind some leads. 0xC2 begins the control characters U+0080 to U+009F.
    const unsigned least = lead == 0xC2 || lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    const unsigned most = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    for (std::size_t i = 1; i < bytes; ++i) {
        if (byte(i) < (i == 1 ? least : 0x80) || byte(i) > (i == 1 ? most : 0xBF)) return 0;
    }
    return bytes;
}

}  // namespace

bool is_printable(std::string_view text) noexcept {
    while (!text.empty()) {
        const std::size_t bytes = character_bytes(text);
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
        const std::size_t bytes = character_bytes(text);
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
