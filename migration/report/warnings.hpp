// SPDX-License-Identifier: Apache-2.0
// Each place that stays, as compilers warn, so that editors find it.
#pragma once

#include <string>

#include "plan/plan.hpp"
#include "report/report.hpp"

namespace migrate {

// A line a place, in the order of the files, up to --max-warnings; then how many more there are. `written`: what files
// have become, for the places are those of the files on the disk.
std::string warnings(const Facts& found, const Plan& written, const Options& asked, bool coloured);

}  // namespace migrate
