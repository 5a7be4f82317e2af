// SPDX-License-Identifier: Apache-2.0
// What the command line asked for.
#pragma once

#include <set>
#include <string>
#include <vector>

namespace migrate {

enum class Mode { show, fix, undo, status, doctor };

struct Options {
    Mode wanted = Mode::show;
    std::string build_directory;     // empty: the folder of compile_commands.json at or above the first file
    std::vector<std::string> files;  // or folders; none: everything
    std::vector<std::string> extra_arguments;
    std::vector<std::string> fixed_arguments;  // behind `--`, in place of a compilation database
    bool fixed_command = false;
    std::vector<std::string> reports;  // by ending: .json, .sarif, .html
    std::string history;
    std::string export_fixes;
    std::vector<std::string> exclude;  // regular expressions over real paths
    std::string header_filter;
    std::vector<std::string> rules;    // ids; with `modules`, what is migrated; none of either: everything
    std::vector<std::string> modules;  // as rules name them
    std::string format_style = "file";
    std::string triune_include;  // where <triune/triune.hpp> is, for units that do not see it
    unsigned workers = 1;
    unsigned unit_seconds = 300;  // a parse that takes longer is that unit's failure
    unsigned max_warnings = 200;  // 0: all
    bool quiet = false;
    bool verify = true;
    bool zero_copy = false;  // views in place of copies where that is safe
    // Settled from the units before any is read: files that units outside this run see, so that they must stay.
    std::set<std::string> locked_files = {};
    // Real folders that the run is about. A link out of them is not followed by an edit.
    std::vector<std::string> roots = {};
};

}  // namespace migrate
