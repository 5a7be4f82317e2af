// SPDX-License-Identifier: Apache-2.0
// The program's text as --help prints it, and as the manual page in the language of man(7).
#pragma once

#include <string>
#include <string_view>

namespace migrate {

std::string help_text();
std::string manual_page(std::string_view version);

}  // namespace migrate
