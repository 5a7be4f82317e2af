// SPDX-License-Identifier: Apache-2.0
#include "project/compile_command.hpp"

#include <clang/Tooling/CompilationDatabase.h>
#include <llvm/Option/ArgList.h>
#include <llvm/Option/OptTable.h>
#include <llvm/Support/FileSystem.h>
#include <llvm/Support/Path.h>

#include <algorithm>
#include <cstring>
#include <initializer_list>
#include <string_view>

#include "clang/clang_headers.hpp"
#include "project/code_flags.hpp"
#include "project/flags.hpp"
#include "project/nvcc_flags.hpp"
#include "rules/legacy_names.hpp"

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

struct Compiler {
    bool nvcc;
    bool gcc;
    std::string toolkit = {};  // the folder of nvcc's own, where its command says
};

// The compiler that `words` begin with, behind its launchers; `words` are its arguments from then on.
Compiler split_off_compiler(std::vector<std::string>& words) {
    std::size_t at = 0;
    while (at + 1 < words.size() && is_any(llvm::sys::path::filename(words[at]), {"ccache", "sccache", "distcc"})) ++at;
    const llvm::StringRef name = at < words.size() ? llvm::sys::path::filename(words[at]) : "";
    Compiler compiler{name.starts_with("nvcc"), !name.contains("clang")};
    if (compiler.nvcc) compiler.toolkit = llvm::sys::path::parent_path(llvm::sys::path::parent_path(words[at])).str();
    if (at < words.size()) words.erase(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(at) + 1);
    return compiler;
}

// Outputs, and what prints: stdout is for the diff.
bool is_output_and_its_value(const std::string& argument) {
    return is_any(argument,
                  {"-o", "-MF", "-MT", "-MQ", "-MJ", "-x", "--serialize-diagnostics", "-serialize-diagnostics"});
}
bool is_output(const std::string& argument) {
    return is_any(argument, {"-c",        "-S",      "-E",        "-M",    "-MM",
                             "-MD",       "-MMD",    "-MP",       "-MG",   "-dc",
                             "-dw",       "-v",      "--verbose", "-H",    "--trace-includes",
                             "-###",      "-dryrun", "--dryrun",  "-keep", "--keep",
                             "--version", "--help"}) ||
           starts_with_any(argument, {"-print-", "--print-", "-ftime-", "-save-temps", "--save-temps"});
}
// Warnings, outputs, code generation, and what only gcc knows.
bool says_nothing_about_names(const std::string& argument) {
    return starts_with_any(argument, {"-W",
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
                                      "-fmacro-backtrace"});
}
bool has_value(const std::string& argument) {
    return is_any(argument,
                  {"-isystem", "-I", "-D", "-U", "-iquote", "-idirafter", "-Xclang", "-Xpreprocessor", "-mllvm"});
}

// Those of `given` that say how the unit's names are to be read.
void keep_arguments(UnitCommand& unit, const std::vector<std::string>& given, bool nvcc) {
    const auto keep = [&](const std::string& argument) { unit.arguments.push_back(argument); };
    // What is precompiled is read as text, which lies beside it.
    const auto include_precompiled = [&](llvm::StringRef file) {
        if (!file.consume_back(".pch")) file.consume_back(".gch");
        if (is_readable_file(absolute(unit.directory, file.str()))) {
            for (const std::string& each :
                 {std::string("-Xclang"), std::string("-include"), std::string("-Xclang"), file.str()})
                keep(each);
            return;
        }
        unit.notes.push_back("'-include-pch " + file.str() + "' is left out: the header's text is not beside it");
    };
    for (std::size_t at = 0; at < given.size(); ++at) {
        const std::string& argument = given[at];
        const bool last = at + 1 == given.size();
        if (argument == "--") continue;
        if (is_output_and_its_value(argument) && !last) {
            ++at;
        } else if (is_output(argument) || says_nothing_about_names(argument)) {
        } else if (argument == "-Xclang" && !last && given[at + 1] == "-include-pch") {
            at += 3;  // -Xclang -include-pch -Xclang FILE
        } else if (argument == "-include-pch" && !last) {
            include_precompiled(given[++at]);
        } else if (argument == "-include" && !last) {
            // By the back door, so that a precompiled header of another compiler beside it is not picked up.
            for (const char* each : {"-Xclang", "-include", "-Xclang"}) keep(each);
            keep(given[++at]);
            if (legacy_header(given[at]) != nullptr)
                unit.notes.push_back("'-include " + given[at] +
                                     "' names a legacy header: name triune/triune.hpp there");
        } else if (has_value(argument) && !last) {
            keep(argument);
            keep(given[++at]);
        } else if (nvcc && is_any(argument, {"-G", "-rdc=true", "-rdc=false"})) {
        } else if (!is_known_to_clang(argument)) {
            // Flags of gcc alone. What nvcc alone knows says nothing about names.
            if (!nvcc) unit.notes.push_back("'" + argument + "' is left out: the parser does not know it");
        } else if (absolute(unit.directory, argument) == unit.file) {
            // The file itself goes last, behind its language.
        } else {
            keep(argument);
        }
    }
}

// What reads a unit as CUDA: the host's side of it, with the toolkit where there is one.
void add_cuda_arguments(UnitCommand& unit, const std::vector<std::string>& extra, const Compiler& compiler) {
    const auto keep = [&](const std::string& argument) { unit.arguments.push_back(argument); };
    for (const char* each : {"--cuda-host-only", "-nocudalib", "-Wno-unknown-cuda-version"}) keep(each);
    for (const char* each : {"-Xclang", "-include", "-Xclang", nvcc_host_functions_name}) {
        if (compiler.nvcc) keep(each);
    }
    const auto given_in = [](const std::vector<std::string>& arguments, std::string_view flag) {
        return std::ranges::any_of(arguments, [flag](const auto& each) { return each.starts_with(flag); });
    };
    bool toolkit = given_in(unit.arguments, "--cuda-path") || given_in(extra, "--cuda-path");
    for (const std::string& folder : {compiler.toolkit, std::string("/usr/local/cuda")}) {
        if (toolkit || folder.empty() || !llvm::sys::fs::exists(folder + "/include/cuda_runtime.h")) continue;
        keep("--cuda-path=" + folder);
        toolkit = true;
        // Where nvcc looks for Thrust and CUB by itself, since they have a folder of their own.
        if (!compiler.nvcc || !llvm::sys::fs::exists(folder + "/include/cccl")) continue;
        keep("-isystem");
        keep(folder + "/include/cccl");
    }
    if (!toolkit) keep("-nocudainc");
    // Clang's own standard headers for CUDA want these words, which else the toolkit's headers define.
    if (!toolkit || given_in(extra, "-nocudainc")) {
        for (const char* word : {"host", "device", "global"}) {
            keep(std::string("-D__") + word + "__=__attribute__((" + word + "))");
        }
    }
}

}  // namespace

UnitCommand understand(const clang::tooling::CompileCommand& command, const std::vector<std::string>& extra) {
    UnitCommand unit;
    unit.directory = command.Directory;
    unit.file = absolute(command.Directory, command.Filename);
    std::vector<std::string> given = command.CommandLine;
    for (std::string& each : given) each.resize(std::strlen(each.c_str()));  // a word ends at a zero byte, as for Clang
    const Compiler compiler = split_off_compiler(given);
    unit.cuda = compiler.nvcc || unit.file.ends_with(".cu");
    if (compiler.nvcc) given = translate_nvcc(given, command.Directory);
    ChosenFlags chosen = choose_flags(given, command.Directory, compiler.gcc);
    unit.notes = std::move(chosen.notes);
    unit.arguments = {"clang++"};
    keep_arguments(unit, chosen.flags, compiler.nvcc);
    const auto add = [&](std::initializer_list<const char*> arguments) {
        unit.arguments.insert(unit.arguments.end(), arguments.begin(), arguments.end());
    };
    add({"-fsyntax-only", "-w", "-Wno-error", "-Qunused-arguments", "-ferror-limit=0"});
    if (unit.cuda) add_cuda_arguments(unit, extra, compiler);
    if (!unit.cuda) add({"-x", "c++"});  // whatever its ending: only what is compiled as C++ is listed
    unit.arguments.push_back("-resource-dir=" + resource_directory());
    unit.arguments.insert(unit.arguments.end(), extra.begin(), extra.end());
    if (unit.cuda) add({"-x", "cuda"});
    // A name that begins with a dash is no flag.
    unit.arguments.push_back(unit.file.starts_with('-') ? "./" + unit.file : unit.file);
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
