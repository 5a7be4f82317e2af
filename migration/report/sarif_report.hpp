// SPDX-License-Identifier: Apache-2.0
// What is left, in SARIF 2.1.0, for code hosts and editors.
#pragma once

#include <string>

#include "report/report.hpp"

namespace migrate {

// Rule ids are those of the rules. Sites that --fix has migrated are in no file any more, so they are no results.
std::string sarif_report(const Account& told);

}  // namespace migrate
