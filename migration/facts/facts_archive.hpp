// SPDX-License-Identifier: Apache-2.0
// Facts as bytes, so that a unit can be read in a process of its own, and the facts of many units as one.
#pragma once

#include <string>

#include "facts/facts.hpp"
#include "facts/parse_error.hpp"

namespace migrate {

std::string pack(const ParseOutcome& outcome);
bool unpack(ParseOutcome& into, const std::string& bytes);

// How the parse ended and, of a readable unit, its facts. The contents of files are not in it: the other side has the
// same disk. A digest tells where a file changed meanwhile.
std::string pack(const ParseOutcome& outcome, const Facts& found);

// Adds what pack() wrote to `into`; nothing where the bytes are damaged or a file is no longer what the unit saw.
// Returns the real path of such a file, "?" for damaged bytes, and the empty string on success.
std::string unpack_into(Facts& into, ParseOutcome& outcome, const std::string& bytes);

// Adds `unit` to `into`; what both know is one thing.
void merge(Facts& into, Facts&& unit);

}  // namespace migrate
