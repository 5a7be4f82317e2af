// SPDX-License-Identifier: Apache-2.0
#include "project/code_flags.hpp"

#include <llvm/ADT/SmallVector.h>
#include <llvm/ADT/StringRef.h>
#include <llvm/TargetParser/Host.h>
#include <llvm/TargetParser/Triple.h>
#include <llvm/TargetParser/X86TargetParser.h>

#include "project/flags.hpp"

namespace migrate {
namespace {

// A compilation database is data, and nothing that it names is loaded. How many words the flag at `at` takes, or 0
// where it loads nothing.
std::size_t loading_words(const std::vector<std::string>& given, std::size_t at) {
    const std::string& flag = given[at];
    if (starts_with_any(flag, {"-fplugin=", "-fplugin-arg-", "-fpass-plugin=", "--fpass-plugin="})) return 1;
    if (is_any(flag, {"-load", "-plugin", "-add-plugin"})) return 2;
    if (flag.starts_with("-plugin-arg-")) return 2;
    if (flag == "-mllvm" && at + 1 < given.size() && given[at + 1].starts_with("-load")) return 2;
    if (flag != "-Xclang" || at + 1 >= given.size()) return 0;
    const std::string& inner = given[at + 1];
    if (starts_with_any(inner, {"-fplugin=", "-fpass-plugin=", "-load=", "-plugin="})) return 2;
    if (!is_any(inner, {"-load", "-plugin", "-add-plugin", "-ast-plugin", "-mllvm"}) &&
        !inner.starts_with("-plugin-arg-"))
        return 0;
    return at + 2 < given.size() && given[at + 2] == "-Xclang" ? 4 : 2;
}

// The sanitizers that both compilers have; Clang refuses a name that it does not know.
bool is_known_sanitizer(llvm::StringRef name) {
    return is_any(name, {"address",
                         "thread",
                         "undefined",
                         "leak",
                         "alignment",
                         "bool",
                         "bounds",
                         "builtin",
                         "enum",
                         "float-cast-overflow",
                         "float-divide-by-zero",
                         "integer-divide-by-zero",
                         "nonnull-attribute",
                         "null",
                         "object-size",
                         "pointer-overflow",
                         "return",
                         "returns-nonnull-attribute",
                         "shift",
                         "shift-base",
                         "shift-exponent",
                         "signed-integer-overflow",
                         "unreachable",
                         "vla-bound",
                         "vptr"});
}

void choose_sanitizers(const std::string& flag, bool gcc, ChosenFlags& result) {
    std::string known;
    llvm::SmallVector<llvm::StringRef> names;
    llvm::StringRef(flag).substr(flag.find('=') + 1).split(names, ',');
    for (const llvm::StringRef each : names) {
        if (gcc && each == "address") result.flags.push_back("-D__SANITIZE_ADDRESS__=1");
        if (gcc && each == "thread") result.flags.push_back("-D__SANITIZE_THREAD__=1");
        if (is_known_sanitizer(each))
            known += (known.empty() ? "" : ",") + each.str();
        else
            result.notes.push_back("'-fsanitize=" + each.str() + "' is left out: the parser does not know it");
    }
    if (!known.empty()) result.flags.push_back("-fsanitize=" + known);
}

// An unknown processor is an error to Clang, and some are known to newer compilers alone.
bool is_known_processor(llvm::StringRef name, const std::vector<std::string>& given) {
    const bool elsewhere = std::ranges::any_of(given, [](const std::string& each) {
        return starts_with_any(each, {"--target", "-target", "-m32"});
    });
    if (elsewhere || !llvm::Triple(llvm::sys::getProcessTriple()).isX86() || name == "native") return true;
    return llvm::X86::parseArchX86(name) != llvm::X86::CK_None;
}

// The parts of -Wp,: dependency files are outputs and go.
std::vector<std::string> preprocessor_flags(llvm::StringRef list) {
    llvm::SmallVector<llvm::StringRef> parts;
    list.split(parts, ',');
    std::vector<std::string> result;
    for (std::size_t at = 0; at < parts.size(); ++at) {
        if (is_any(parts[at], {"-MD", "-MMD", "-MF", "-MT", "-MQ"}))
            ++at;
        else if (!parts[at].starts_with("-M"))
            result.push_back(parts[at].str());
    }
    return result;
}

// Everything that stands in the command itself, without its wrapping.
std::vector<std::string> unwrapped(const std::vector<std::string>& given, const std::string& directory,
                                   unsigned depth = 0) {
    std::vector<std::string> result;
    const auto add = [&](const std::vector<std::string>& more) {
        result.insert(result.end(), more.begin(), more.end());
    };
    for (std::size_t at = 0; at < given.size(); ++at) {
        const std::string& flag = given[at];
        const bool apart = flag == "--config" && at + 1 < given.size();
        if (flag.starts_with("-Wp,")) {
            add(preprocessor_flags(llvm::StringRef(flag).substr(4)));
        } else if (apart || flag.starts_with("--config=")) {
            const std::string file = apart ? given[++at] : flag.substr(flag.find('=') + 1);
            if (depth < max_nested_files)
                add(unwrapped(words_of_file(absolute(directory, file)), directory, depth + 1));
        } else if (flag.starts_with("-Xclang=")) {  // the other spelling of `-Xclang FLAG`
            add({"-Xclang", flag.substr(flag.find('=') + 1)});
        } else if (!starts_with_any(flag, {"--config-user-dir=", "--config-system-dir="})) {
            result.push_back(flag);
        }
    }
    return result;
}

bool is_before_cpp20(const std::vector<std::string>& flags) {
    bool before = true;
    for (const std::string& each : flags) {
        if (each.starts_with("-std=")) before = each.find("++2") == std::string::npos;
    }
    return before;
}

}  // namespace

ChosenFlags choose_flags(const std::vector<std::string>& command, const std::string& directory, bool gcc) {
    ChosenFlags result;
    const std::vector<std::string> given = unwrapped(command, directory);
    const auto note = [&](const std::string& flag, const std::string& why) {
        result.notes.push_back("'" + flag + "' is left out: " + why);
    };
    bool concepts = false;
    for (std::size_t at = 0; at < given.size(); ++at) {
        const std::string& flag = given[at];
        if (const std::size_t words = loading_words(given, at); words > 0) {
            const std::size_t last = std::min(at + words, given.size()) - 1;
            note(flag == given[last] ? flag : flag + " ... " + given[last], "no code that a database names is loaded");
            at = last;
        } else if (flag.starts_with("-fsanitize=")) {
            choose_sanitizers(flag, gcc, result);
        } else if (flag.starts_with("-fsanitize")) {
            // How reports are made, which no name depends on.
        } else if (flag.starts_with("-march=") && !is_known_processor(llvm::StringRef(flag).substr(7), given)) {
            note(flag, "the parser does not know the processor");
        } else if (is_any(flag, {"-fconcepts", "-fconcepts-ts"})) {
            concepts = true;
        } else if (flag == "-fopenacc") {
            if (gcc) result.flags.push_back("-D_OPENACC=201711");
            note(flag, "the parser does not know it");
        } else {
            result.flags.push_back(flag);
        }
    }
    if (concepts && is_before_cpp20(result.flags)) {
        std::erase_if(result.flags, [](const std::string& each) { return each.starts_with("-std="); });
        result.flags.push_back("-std=gnu++20");
        result.notes.push_back("'-fconcepts' is read as -std=gnu++20, where the parser has concepts");
    }
    return result;
}

}  // namespace migrate
