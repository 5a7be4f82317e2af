// SPDX-License-Identifier: Apache-2.0
// Text as JSON writes it.
#pragma once

#include <string>
#include <string_view>

namespace triune {

// `text` in quotes. Valid UTF-8 stays as it is; quotes, backslashes and control characters are escaped (RFC 8259,
// section 7), and each byte that is no UTF-8 becomes U+FFFD, so that the result is valid JSON for any bytes.
std::string json_string(std::string_view text);

}  // namespace triune
