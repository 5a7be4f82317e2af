// SPDX-License-Identifier: Apache-2.0
// The accounting as JSON, version 1 of its schema.
#pragma once

#include <string>

#include "report/report.hpp"

namespace migrate {

std::string json_report(const Account& told);

}  // namespace migrate
