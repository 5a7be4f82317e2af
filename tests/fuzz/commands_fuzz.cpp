// SPDX-License-Identifier: Apache-2.0
// Any bytes as a compilation database: refused, or commands that Clang can be asked about.
#include <clang/Tooling/JSONCompilationDatabase.h>

#include <cstddef>
#include <cstdint>
#include <string>

#include "input.hpp"
#include "project/compile_command.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t bytes) {
    std::string problem;
    const auto database = clang::tooling::JSONCompilationDatabase::loadFromBuffer(
        {reinterpret_cast<const char*>(data), bytes}, problem, clang::tooling::JSONCommandLineSyntax::AutoDetect);
    if (database == nullptr) {
        fuzz::require(!problem.empty(), "a database was refused without a reason");
        return 0;
    }
    for (const auto& command : database->getAllCompileCommands()) {
        const migrate::unit_command unit = migrate::understand(command, {});
        const migrate::unit_command newer = migrate::as_new_standard(unit, "/nowhere");
        fuzz::require(!migrate::is_older_than_cpp20(newer), "a unit is not read as C++20");
        static_cast<void>(migrate::include_directories(unit));
        for (const std::string& each : unit.arguments) {
            fuzz::require(each.rfind("-fplugin", 0) != 0 && each != "-load", "other people's code would be run");
        }
    }
    return 0;
}
