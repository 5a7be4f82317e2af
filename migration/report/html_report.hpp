// SPDX-License-Identifier: Apache-2.0
// The accounting as one page that opens offline: how far the tree is, what is left where, and why.
#pragma once

#include <string>

#include "report/report.hpp"

namespace migrate {

std::string html_report(const Account& told);

}  // namespace migrate
