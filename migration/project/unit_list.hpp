// SPDX-License-Identifier: Apache-2.0
// Which units a run is about: those asked for, and those that must be looked at because they share files or handlers
// with them.
#pragma once

#include <string>
#include <vector>

#include "project/compile_command.hpp"
#include "project/include_closure.hpp"
#include "project/options.hpp"

namespace migrate {

struct ListedUnit {
    UnitCommand command;
    IncludeClosure closure;
    bool selected = true;  // false: read, never edited
};

struct UnitList {
    std::vector<ListedUnit> units;
    std::string problem;  // not empty: the command line asks for something that is not there

    // Whether the accounting is about this file: named, under a named folder, or seen by a selected unit.
    bool accounts_for(const std::string& file) const;

    std::set<std::string> named;  // real paths of files and folders; empty: everything
    std::set<std::string> seen;   // by selected units
};

// Where compile_commands.json is, and the journal: as given, or at or above the first file. Empty where there is none.
std::string find_build_directory(const Options& asked);

// Also settles `asked.locked_files`. Reads the includes of every unit of the database.
UnitList list_units(Options& asked);

// As the disk knows it; the path itself where there is no such file.
std::string real_path(const std::string& path);

}  // namespace migrate
