// SPDX-License-Identifier: Apache-2.0
// Accounts for every spelled legacy name: what the syntax tree showed, and what only the tokens show.
#pragma once

#include <string>

#include "facts/facts.hpp"

namespace migrate {

// Adds the sites that no parse saw: excluded branches, unused macro bodies, dependent names, include lines, and, for a
// file of units that all failed, everything that is spelled.
void take_census(Facts& found);

}  // namespace migrate
