// SPDX-License-Identifier: Apache-2.0
// What a shell reads to complete the program's options: names, and the values that are known before it runs.
#pragma once

#include <string>
#include <string_view>

namespace migrate {

// For bash, zsh or fish; empty for another shell.
std::string completion(std::string_view shell);

}  // namespace migrate
