// SPDX-License-Identifier: Apache-2.0
// Text from users, made fit for a terminal and a log.
#pragma once

#include <string>
#include <string_view>

namespace triune {

// Any bytes may be a name, and names stand in messages. Valid UTF-8 stays as it is; every control character (line ends
// and NUL too) and every byte that is no UTF-8 becomes \xHH. Exceptions and log lines pass their whole text through
// here, so those who compose one need not think of it.
std::string printable(std::string_view text);
bool is_printable(std::string_view text) noexcept;

}  // namespace triune
