// SPDX-License-Identifier: Apache-2.0
// The way to zero as a drawing.
#pragma once

#include <string>
#include <vector>

#include "report/history.hpp"

namespace migrate {

// An SVG element that takes its colours from the page; a sentence where fewer than two runs are known.
std::string burn_down(const std::vector<PastRun>& runs);

}  // namespace migrate
