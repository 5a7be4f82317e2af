// SPDX-License-Identifier: Apache-2.0
// What a shell reads to complete the program's options: names, and the values that are known before it runs.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace migrate {

std::span<const std::string_view> completed_shells();  // bash, zsh, fish

// Empty for a shell that is not among them.
std::string completion(std::string_view shell);

}  // namespace migrate
