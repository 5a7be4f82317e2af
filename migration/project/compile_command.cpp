// SPDX-License-Identifier: Apache-2.0
#include "project/compile_command.hpp"

#include <clang/Tooling/CompilationDatabase.h>
#include <llvm/Option/ArgList.h>
#include <llvm/Option/OptTable.h>
#include <llvm/Support/FileSystem.h>
#include <llvm/Support/Path.h>

#include <algorithm>
#include <cstring>
#include <string_view>

#include "clang/clang_headers.hpp"
#include "project/code_flags.hpp"
#include "project/flags.hpp"
#include "project/nvcc_flags.hpp"

namespace migrate {
namespace {

// Whether Clang's driver has such an option. What other compilers alone know says nothing about names.
bool is_known_to_clang(const std::string& argument) {
    if (argument.empty() || argument[0] != '-') return true;
    const char* text = argument.c_str();
    unsigned missing = 0;
    unsigned missing_count = 0;
    const auto parsed = getDriverOptTable().ParseArgs(llvm::ArrayRef(text), missing, missing_count,
                                                      llvm::opt::Visibility(driver_options::ClangOption));
    return !parsed.hasArg(driver_options::OPT_UNKNOWN);
}

bool is_cpp20_or_newer(std::string_view standard) { return standard.find("++2") != std::string_view::npos; }

std::string resource_directory() { return TRIUNE_CLANG_RESOURCE_DIRECTORY; }

}  // namespace

UnitCommand understand(const clang::tooling::CompileCommand& command, const std::vector<std::string>& extra) {
    UnitCommand unit;
    unit.directory = command.Directory;
    unit.file = absolute(command.Directory, command.Filename);
    std::vector<std::string> given = command.CommandLine;
    for (std::string& each : given) each.resize(std::strlen(each.c_str()));  // a word ends at a zero byte, as for Clang
    std::size_t at = 0;
    // A compiler launcher stands before the compiler.
    while (at + 1 < given.size() && is_any(llvm::sys::path::filename(given[at]), {"ccache", "sccache", "distcc"})) ++at;
    const llvm::StringRef compiler = at < given.size() ? llvm::sys::path::filename(given[at]) : "";
    const bool nvcc = compiler.starts_with("nvcc");
    const bool gcc = !compiler.contains("clang");
    unit.cuda = nvcc || unit.file.ends_with(".cu");
    if (at < given.size()) given.erase(given.begin(), given.begin() + static_cast<std::ptrdiff_t>(at) + 1);
    if (nvcc) given = translate_nvcc(given, command.Directory);
    ChosenFlags chosen = choose_flags(given, command.Directory, gcc);
    given = std::move(chosen.flags);
    unit.notes = std::move(chosen.notes);
    unit.arguments = {"clang++"};
    const auto keep = [&](const std::string& argument) { unit.arguments.push_back(argument); };
    for (at = 0; at < given.size(); ++at) {
        const std::string& argument = given[at];
        const bool last = at + 1 == given.size();
        if (argument == "--") continue;
        // Outputs, and what prints: stdout is for the diff.
        if (is_any(argument,
                   {"-o", "-MF", "-MT", "-MQ", "-MJ", "-x", "--serialize-diagnostics", "-serialize-diagnostics"}) &&
            !last) {
            ++at;
        } else if (is_any(argument, {"-c",        "-S",      "-E",        "-M",    "-MM",
                                     "-MD",       "-MMD",    "-MP",       "-MG",   "-dc",
                                     "-dw",       "-v",      "--verbose", "-H",    "--trace-includes",
                                     "-###",      "-dryrun", "--dryrun",  "-keep", "--keep",
                                     "--version", "--help"}) ||
                   starts_with_any(argument, {"-print-", "--print-", "-ftime-", "-save-temps", "--save-temps"})) {
        } else if (starts_with_any(argument, {"-W",
                                              "-w",
                                              "-o",
                                              "-g",
                                              "-flto",
                                              "-fno-lto",
                                              "-fno-canonical-system-headers",
                                              "-fmodules-ts",
                                              "-fmodule-mapper",
                                              "-fdeps-format",
                                              "-fanalyzer",
                                              "-fcf-protection",
                                              "-fmax-errors",
                                              "-fdiagnostics",
                                              "-fstack",
                                              "-mtune=",
                                              "-ftemplate-backtrace",
                                              "-specs=",
                                              "-fprofile",
                                              "--coverage",
                                              "-fmacro-backtrace"})) {
            // Warnings, outputs, code generation, and what only gcc knows.
            if (argument == "-include" && !last) keep(argument);
        } else if (argument == "-Xclang" && !last && given[at + 1] == "-include-pch") {
            at += 3;  // -Xclang -include-pch -Xclang FILE
        } else if (argument == "-include" && !last) {
            // By the back door, so that a precompiled header of another compiler beside it is not picked up.
            for (const char* each : {"-Xclang", "-include", "-Xclang"}) keep(each);
            keep(given[++at]);
        } else if (is_any(argument, {"-isystem", "-I", "-D", "-U", "-iquote", "-idirafter", "-Xclang", "-Xpreprocessor",
                                     "-mllvm"}) &&
                   !last) {
            keep(argument);
            keep(given[++at]);
        } else if (nvcc && is_any(argument, {"-G", "-rdc=true", "-rdc=false"})) {
        } else if (!is_known_to_clang(argument)) {
            // Flags of gcc alone. What nvcc alone knows says nothing about names.
            if (!nvcc) unit.notes.push_back("'" + argument + "' is left out: the parser does not know it");
        } else if (absolute(command.Directory, argument) == unit.file) {
            // The file itself goes last, behind its language.
        } else {
            keep(argument);
        }
    }
    for (const char* each : {"-fsyntax-only", "-w", "-Wno-error", "-Qunused-arguments", "-ferror-limit=0"}) keep(each);
    if (unit.cuda) {
        for (const char* each : {"--cuda-host-only", "-nocudalib", "-Wno-unknown-cuda-version"}) keep(each);
        for (const char* each : {"-Xclang", "-include", "-Xclang", nvcc_host_functions_name}) {
            if (nvcc) keep(each);
        }
        const auto given_in = [](const std::vector<std::string>& arguments, std::string_view flag) {
            return std::ranges::any_of(arguments, [flag](const auto& each) { return each.starts_with(flag); });
        };
        bool toolkit = given_in(unit.arguments, "--cuda-path") || given_in(extra, "--cuda-path");
        if (!toolkit && llvm::sys::fs::exists("/usr/local/cuda/include/cuda_runtime.h")) {
            keep("--cuda-path=/usr/local/cuda");
            toolkit = true;
        }
        if (!toolkit) keep("-nocudainc");
        // Clang's own standard headers for CUDA want these words, which else the toolkit's headers define.
        if (!toolkit || given_in(extra, "-nocudainc")) {
            for (const char* word : {"host", "device", "global"}) {
                keep(std::string("-D__") + word + "__=__attribute__((" + word + "))");
            }
        }
    }
    if (!unit.cuda) {
        // Whatever its ending: only what is compiled as C++ is listed.
        keep("-x");
        keep("c++");
    }
    keep("-resource-dir=" + resource_directory());
    unit.arguments.insert(unit.arguments.end(), extra.begin(), extra.end());
    if (unit.cuda) {
        keep("-x");
        keep("cuda");
    }
    keep(unit.file);
    return unit;
}

UnitCommand as_new_standard(const UnitCommand& command, const std::string& include) {
    UnitCommand unit = command;
    std::string standard = "-std=c++20";
    std::erase_if(unit.arguments, [&](const std::string& argument) {
        const bool chosen = argument.starts_with("-std=") || argument.starts_with("--std=");
        if (chosen && argument.find("gnu++") != std::string::npos) standard = "-std=gnu++20";
        // A newer standard than the new API needs stays.
        if (chosen && is_cpp20_or_newer(argument)) standard = argument;
        return chosen;
    });
    unit.arguments.insert(unit.arguments.begin() + 1, standard);
    const auto sees = [&](const std::string& header) {
        return std::ranges::any_of(include_directories(unit), [&](const std::string& directory) {
            return llvm::sys::fs::exists(directory + header);
        });
    };
    const auto add = [&](const std::string& directory) {
        unit.arguments.insert(unit.arguments.end() - (unit.cuda ? 3 : 1), {"-idirafter", directory});
    };
    if (include.empty()) return unit;
    if (!sees("/triune/triune.hpp")) add(include);
    // The facades' folder, as it is installed and in a checkout.
    for (const std::string& folder : {include + "/triune-compat", include + "/../compat"}) {
        if (!sees("/triune/transition.hpp") && llvm::sys::fs::exists(folder + "/triune/transition.hpp")) add(folder);
    }
    return unit;
}

bool is_older_than_cpp20(const UnitCommand& command) {
    std::string standard = "c++17";
    for (const std::string& each : command.arguments) {
        if (each.starts_with("-std=") || each.starts_with("--std=")) standard = each.substr(each.find('=') + 1);
    }
    return !is_cpp20_or_newer(standard);
}

std::vector<std::string> include_directories(const UnitCommand& command) {
    std::vector<std::string> result;
    for (std::size_t at = 0; at < command.arguments.size(); ++at) {
        const std::string& argument = command.arguments[at];
        for (const std::string_view flag : {"--include-directory=", "--include-directory", "-iwithprefixbefore", "-I",
                                            "-isystem", "-iquote", "-idirafter"}) {
            if (argument == flag && at + 1 < command.arguments.size()) {
                result.push_back(absolute(command.directory, command.arguments[at + 1]));
            } else if (argument.starts_with(flag) && argument.size() > flag.size()) {
                result.push_back(absolute(command.directory, argument.substr(flag.size())));
            } else {
                continue;
            }
            break;
        }
    }
    return result;
}

}  // namespace migrate
