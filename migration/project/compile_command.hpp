// SPDX-License-Identifier: Apache-2.0
// Turns a line of the compilation database into arguments that the built-in Clang understands.
#pragma once

#include <string>
#include <vector>

namespace clang::tooling {
struct CompileCommand;
}

namespace migrate {

struct UnitCommand {
    std::string directory;
    std::string file;  // real
    std::string id;    // the file, and a number where it is compiled in several configurations
    std::vector<std::string> arguments;
    bool cuda = false;
    std::vector<std::string> notes = {};  // flags that were left out or stood in for
};

// Strips outputs, warnings, plugins and what only gcc or nvcc knows; adds Clang's own headers.
UnitCommand understand(const clang::tooling::CompileCommand& command, const std::vector<std::string>& extra);

// The same unit as C++20. `include`, where the new API is, comes last, and only where the unit does not find it by
// itself.
UnitCommand as_new_standard(const UnitCommand& command, const std::string& include);

// Whether the command asks for, or Clang would choose, a standard before C++20.
bool is_older_than_cpp20(const UnitCommand& command);

// Where the unit looks for #include <...> and "...", in order.
std::vector<std::string> include_directories(const UnitCommand& command);

}  // namespace migrate
