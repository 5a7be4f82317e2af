// SPDX-License-Identifier: Apache-2.0
#include <triune/detail/track/json_text.hpp>

#include <cstddef>

#include <triune/detail/base/hexadecimal.hpp>
#include <triune/detail/base/utf8.hpp>

namespace triune {
namespace {

void append_escaped(std::string& json, char character) {
    constexpr const char* digits = "0123456789abcdef";
    const auto code = static_cast<unsigned char>(character);
    if (character == '"' || character == '\\') {
        json += '\\';
        json += character;
    } else if (code < 0x20) {
        json += "\\u00";
        json += digits[code / 16];
        json += digits[code % 16];
    } else {
        json += character;
    }
}

}  // namespace

std::string json_string(std::string_view text) {
    std::string json = "\"";
    while (!text.empty()) {
        const std::size_t bytes = character_bytes(text);
        if (bytes == 0) json += "\\ufffd";
        if (bytes == 1) append_escaped(json, text.front());
        if (bytes > 1) json += text.substr(0, bytes);
        text.remove_prefix(bytes == 0 ? 1 : bytes);
    }
    return json + '"';
}

std::string json_address(std::uintptr_t address) {
    return '"' + hexadecimal(address) + '"';
}

}  // namespace triune
