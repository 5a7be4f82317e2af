// SPDX-License-Identifier: Apache-2.0
// Any bytes as a compilation database: refused, or commands that Clang can be asked about.
#include <clang/Tooling/JSONCompilationDatabase.h>
#include <llvm/Option/ArgList.h>
#include <llvm/Option/OptTable.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

#include "clang/clang_versions.hpp"
#include "input.hpp"
#include "project/compile_command.hpp"

namespace {

// As Clang's driver reads the words: a flag may be another's value.
bool loads_code(const migrate::UnitCommand& unit) {
    namespace options = migrate::driver_options;
    std::vector<const char*> words;
    for (const std::string& each : unit.arguments) words.push_back(each.c_str());
    unsigned missing = 0;
    unsigned missing_count = 0;
    const auto parsed = migrate::getDriverOptTable().ParseArgs(
        llvm::ArrayRef(words).drop_front(), missing, missing_count, llvm::opt::Visibility(options::ClangOption));
    const auto inner = parsed.getAllArgValues(options::OPT_Xclang);
    return parsed.hasArg(options::OPT_fplugin_EQ, options::OPT_fpass_plugin_EQ) ||
           std::any_of(inner.begin(), inner.end(), [](const std::string& each) {
               return each == "-load" || each == "-plugin" || each == "-add-plugin";
           });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t bytes) {
    std::string problem;
    const auto database = clang::tooling::JSONCompilationDatabase::loadFromBuffer(
        {reinterpret_cast<const char*>(data), bytes}, problem, clang::tooling::JSONCommandLineSyntax::AutoDetect);
    if (database == nullptr) {
        fuzz::require(!problem.empty(), "a database was refused without a reason");
        return 0;
    }
    for (const auto& command : database->getAllCompileCommands()) {
        const migrate::UnitCommand unit = migrate::understand(command, {});
        const migrate::UnitCommand newer = migrate::as_new_standard(unit, "/nowhere");
        fuzz::require(!migrate::is_older_than_cpp20(newer), "a unit is not read as C++20");
        static_cast<void>(migrate::include_directories(unit));
        if (loads_code(newer)) {
            for (const std::string& each : newer.arguments) std::fprintf(stderr, "'%s' ", each.c_str());
            fuzz::require(false, "other people's code would be run");
        }
    }
    return 0;
}
