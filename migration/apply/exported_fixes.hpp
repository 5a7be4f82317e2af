// SPDX-License-Identifier: Apache-2.0
// The edits in the form that clang-apply-replacements reads.
#pragma once

#include <string>

#include "facts/facts.hpp"
#include "plan/plan.hpp"

namespace migrate {

std::string exported_fixes(const Plan& settled, const Facts& found);

}  // namespace migrate
