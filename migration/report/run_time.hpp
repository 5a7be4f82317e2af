// SPDX-License-Identifier: Apache-2.0
// The time that a report bears.
#pragma once

#include <string>

namespace migrate {

// UTC, ISO 8601. SOURCE_DATE_EPOCH, where it is set, in place of now: then a second run writes the same.
std::string run_time();

}  // namespace migrate
