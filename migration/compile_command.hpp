// Turns a line of the compilation database into arguments that the built-in Clang understands.
#pragma once

#include <string>
#include <vector>

namespace clang::tooling {
struct CompileCommand;
}

namespace migrate {

struct unit_command {
    std::string directory;
    std::string file;  // absolute
    std::vector<std::string> arguments;
    bool cuda = false;
};

// Strips what only gcc or nvcc knows, outputs and warnings; adds Clang's own headers.
unit_command understand(const clang::tooling::CompileCommand& command, const std::vector<std::string>& extra);

// The same unit as C++20, with one more include directory at the end where it is not empty.
unit_command as_new_standard(const unit_command& command, const std::string& include);

// Where the unit looks for #include <...> and "...", in order.
std::vector<std::string> include_directories(const unit_command& command);

}  // namespace migrate
