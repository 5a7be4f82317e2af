// SPDX-License-Identifier: Apache-2.0
// The files that a unit can see, found by reading #include lines and nothing else: fast, and it works for units that
// do not parse. Conditions are not evaluated, so the answer may be too large, never too small for written names. Where
// the text does not say all, the preprocessor has to be asked.
#pragma once

#include <set>
#include <string>

#include "project/compile_command.hpp"

namespace migrate {

struct IncludeClosure {
    std::set<std::string> files;  // real paths, the unit's own file included; legacy headers are not entered
    bool mentions_legacy = false;
    bool text_says_all = true;      // else an include line is computed, or names what is in no folder that is known
    bool uses_new_api = false;      // migrated before, in part
    bool has_new_handlers = false;  // perhaps: of what calls throw once they are migrated
};

// Whether the file lies where compilers look without being told.
bool is_of_the_system(const std::string& file);
// Whether the file spells a distinctive legacy name, by its text.
bool names_legacy(const std::string& file);

IncludeClosure close_includes(const UnitCommand& unit);

}  // namespace migrate
