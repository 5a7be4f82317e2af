// SPDX-License-Identifier: Apache-2.0
// Which bytes are UTF-8.
#pragma once

#include <cstddef>
#include <string_view>

namespace triune {

// Bytes of the well-formed character that `text` begins with, as in table 3-7 of the Unicode Standard: no overlong
// form, no surrogate, nothing beyond U+10FFFF. 0 where it begins with none.
std::size_t character_bytes(std::string_view text) noexcept;

}  // namespace triune
