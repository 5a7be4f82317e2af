// SPDX-License-Identifier: Apache-2.0
// Lays changed lines out as the project's .clang-format wants them; lines that no edit touched stay as they are.
#pragma once

#include <string>

#include "facts/facts.hpp"
#include "plan/plan.hpp"

namespace migrate {

// `style` as --format-style takes it. The empty string, or what is wrong with the style.
std::string format_changed_lines(Plan& settled, const Facts& found, const std::string& style);

}  // namespace migrate
