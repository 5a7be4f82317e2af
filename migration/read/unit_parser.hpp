// SPDX-License-Identifier: Apache-2.0
// Runs Clang over one unit: once to collect facts, once more over the edited text.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "facts/facts.hpp"
#include "facts/parse_error.hpp"
#include "project/compile_command.hpp"
#include "project/include_closure.hpp"
#include "project/options.hpp"
#include "read/other_meanings.hpp"
#include "read/precompiled_headers.hpp"

namespace migrate {

// Parses the unit and adds what it says to the facts; they are untouched where it is not readable.
ParseOutcome collect(const UnitCommand& unit, Facts& found, const Options& asked);

// Whether the preprocessor meets a legacy header or name in the unit. It follows what a search of include lines, which
// gave `known`, cannot.
bool sees_legacy(const UnitCommand& unit, const IncludeClosure& known);

// Errors of the edited unit, and where it has none, what it would mean otherwise than `before` says. `in_front`, where
// there is one, only saves time: what is wrong with it, and a unit that defines a macro by a name in it, is parsed once
// more without.
std::vector<ParseError> check(const UnitCommand& unit, const EditedFiles& edited, const std::vector<Meaning>& before,
                              const PrecompiledHeader* in_front = nullptr);

// Writes `unit`, a header, to `output`, and answers the names that stand in it, in words; empty where it has errors.
std::string precompile(const UnitCommand& unit, const std::string& output);

}  // namespace migrate
