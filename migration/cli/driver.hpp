// SPDX-License-Identifier: Apache-2.0
// One run: read the units, plan, verify, then show or write.
#pragma once

#include "project/options.hpp"

namespace migrate {

// Exit statuses, in the order in which they win.
enum ExitStatus : int { all_migrated = 0, sites_remain = 1, units_failed = 2, bad_usage = 3, conflict = 4 };

int run(Options asked);

}  // namespace migrate
