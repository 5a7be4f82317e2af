// SPDX-License-Identifier: Apache-2.0
// Which units parse, and what to do about those that do not.
#pragma once

#include <string>
#include <vector>

#include "read/unit_reader.hpp"

namespace migrate {

// One line a unit, then a hint for each one that fails.
std::string diagnose(const std::vector<ReadUnit>& units);

}  // namespace migrate
