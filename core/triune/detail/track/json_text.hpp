// SPDX-License-Identifier: Apache-2.0
// Text as JSON writes it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace triune {

// `text` in quotes. Valid UTF-8 stays as it is; quotes, backslashes and control characters are escaped (RFC 8259,
// section 7), and each byte that is no UTF-8 becomes U+FFFD, so that the result is valid JSON for any bytes.
std::string json_string(std::string_view text);

// "0x7f00a0000000", in quotes: JSON's numbers are too narrow for an address in some readers.
std::string json_address(std::uintptr_t address);

}  // namespace triune
