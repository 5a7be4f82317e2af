// SPDX-License-Identifier: Apache-2.0
#include "cli/command_line.hpp"

#include <clang/Basic/Version.h>
#include <llvm/Support/FileSystem.h>
#include <llvm/Support/Path.h>
#include <llvm/Support/raw_ostream.h>
#include <llvm/Support/Regex.h>

#include <algorithm>
#include <functional>
#include <map>
#include <thread>

#include "cli/completion.hpp"
#include "cli/driver.hpp"
#include "cli/help_text.hpp"
#include "cli/program_text.hpp"
#include "rules/rule.hpp"

namespace migrate {
namespace {

void list_rules() {
    for (const Rule& each : all_rules()) {
        llvm::outs() << each.id << " " << each.module << "\n    " << each.before << "\n    -> " << each.after << "\n";
    }
}

void list_reasons() {
    for (const Reason& each : all_reasons()) llvm::outs() << each.code << "\n    " << each.explanation << "\n";
}

// Names behind commas, each of which `known` has; else what is wrong.
template <typename Known>
std::string names(const std::string& option, const std::string& value, std::vector<std::string>& into, Known known) {
    llvm::SmallVector<llvm::StringRef> parts;
    llvm::StringRef(value).split(parts, ',', -1, false);
    for (const llvm::StringRef each : parts) {
        if (std::ranges::none_of(all_rules(), [&](const Rule& one) { return known(one) == std::string_view(each); }))
            return "'" + option + "' knows no '" + each.str() + "'; see --list-rules";
        into.push_back(each.str());
    }
    return into.empty() ? "'" + option + "' needs a name" : std::string();
}

int complete(const std::string& shell) {
    const std::string text = completion(shell);
    if (text.empty()) {
        llvm::errs() << "triune-migrate: '--completion' knows no shell '" << shell << "', but bash, zsh and fish\n";
        return bad_usage;
    }
    llvm::outs() << text;
    return all_migrated;
}

int explain(const std::string& wanted) {
    for (const Rule& each : all_rules()) {
        if (each.id != wanted) continue;
        llvm::outs() << each.id << " (" << each.module << ")\n  before: " << each.before << "\n  after:  " << each.after
                     << "\n\n"
                     << each.explanation << "\n";
        if (!each.refusals.empty()) llvm::outs() << each.refusals << "\n";
        if (!each.spellings.empty()) llvm::outs() << "\nNames:\n";
        for (const Spelling& name : each.spellings) {
            llvm::outs() << "  " << name.legacy;
            if (!name.replacement.empty()) llvm::outs() << " -> " << name.replacement;
            if (!name.suffix.empty()) llvm::outs() << "()." << name.suffix;
            llvm::outs() << "\n";
        }
        return all_migrated;
    }
    if (const Reason* known = find_reason(wanted)) {
        llvm::outs() << known->code << "\n\n" << known->explanation << "\n";
        if (!known->what_to_do.empty()) llvm::outs() << "\nWhat to do: " << known->what_to_do << "\n";
        return all_migrated;
    }
    llvm::errs() << "triune-migrate: no rule, reason or note is called '" << wanted
                 << "'; see --list-rules and --list-reasons\n";
    return bad_usage;
}

// Beside the installed tool, else where it was built.
std::string default_triune_include(const std::string& executable) {
    llvm::SmallString<256> installed(llvm::sys::path::parent_path(executable));
    llvm::sys::path::append(installed, "..", "include");
    for (const std::string& each : {installed.str().str(), std::string(TRIUNE_SOURCE_INCLUDE_DIRECTORY)}) {
        if (llvm::sys::fs::exists(each + "/triune/triune.hpp")) return each;
    }
    return {};
}

std::string number(const std::string& name, const std::string& value, unsigned& into, unsigned least = 1) {
    unsigned read = 0;
    if (llvm::StringRef(value).getAsInteger(10, read) || read < least) {
        return "'" + name + "' needs a number from " + std::to_string(least) + " on, not '" + value + "'";
    }
    into = read;
    return {};
}

std::string pattern(const std::string& name, const std::string& value) {
    std::string problem;
    if (llvm::Regex(value).isValid(problem)) return {};
    return "'" + name + "=" + value + "' is no regular expression: " + problem;
}

// An option with a value: takes it, or says what is wrong with it.
using Taker = std::function<std::string(const std::string&)>;

std::map<std::string, Taker> options_with_values(Options& asked) {
    const auto text = [](std::string& into) {
        return [&into](const std::string& value) { return into = value, std::string(); };
    };
    const auto list = [](std::vector<std::string>& into) {
        return [&into](const std::string& value) { return into.push_back(value), std::string(); };
    };
    return {
        {"-p", text(asked.build_directory)},
        {"--history", text(asked.history)},
        {"--export-fixes", text(asked.export_fixes)},
        {"--triune-include", text(asked.triune_include)},
        {"--format-style", text(asked.format_style)},
        {"--extra-arg", list(asked.extra_arguments)},
        {"--rules",
         [&asked](const std::string& value) {
             return names("--rules", value, asked.rules, [](const Rule& each) { return each.id; });
         }},
        {"--modules",
         [&asked](const std::string& value) {
             return names("--modules", value, asked.modules, [](const Rule& each) { return each.module; });
         }},
        {"-j", [&asked](const std::string& value) { return number("-j", value, asked.workers); }},
        {"--unit-timeout",
         [&asked](const std::string& value) { return number("--unit-timeout", value, asked.unit_seconds); }},
        {"--max-warnings",
         [&asked](const std::string& value) { return number("--max-warnings", value, asked.max_warnings, 0); }},
        {"--exclude",
         [&asked](const std::string& value) { return asked.exclude.push_back(value), pattern("--exclude", value); }},
        {"--header-filter",
         [&asked](const std::string& value) { return asked.header_filter = value, pattern("--header-filter", value); }},
        {"--report",
         [&asked](const std::string& value) {
             const llvm::StringRef ending = llvm::sys::path::extension(value);
             asked.reports.push_back(value);
             const bool known = ending == ".json" || ending == ".sarif" || ending == ".html";
             return known ? std::string() : "a report ends with .json, .sarif or .html, and '" + value + "' does not";
         }},
    };
}

bool take_switch(Options& asked, const std::string& name, std::string& problem) {
    static const std::map<std::string, Mode> modes = {
        {"--fix", Mode::fix}, {"--undo", Mode::undo}, {"--status", Mode::status}, {"--doctor", Mode::doctor}};
    if (const auto found = modes.find(name); found != modes.end()) {
        if (asked.wanted != Mode::show && asked.wanted != found->second)
            problem = "only one of --fix, --undo, --status and --doctor can be done at once";
        asked.wanted = found->second;
    } else if (name == "--quiet") {
        asked.quiet = true;
    } else if (name == "--no-verify") {
        asked.verify = false;
    } else if (name == "--zero-copy") {
        asked.zero_copy = true;
    } else {
        return false;
    }
    return true;
}

}  // namespace

Command read_command_line(const std::vector<std::string>& arguments, const std::string& executable) {
    Command result;
    Options& asked = result.asked;
    asked.triune_include = default_triune_include(executable);
    asked.workers = std::max(1U, std::thread::hardware_concurrency());
    const auto finish = [&](int status) {
        result.finished = true;
        result.status = status;
        return result;
    };
    const auto wrong = [&](const std::string& message) {
        llvm::errs() << "triune-migrate: " << message << "\n" << help_text();
        return finish(bad_usage);
    };
    const auto takers = options_with_values(asked);
    for (std::size_t at = 0; at < arguments.size(); ++at) {
        std::string name = arguments[at];
        if (name == "--") {
            asked.fixed_command = true;
            asked.fixed_arguments.assign(arguments.begin() + static_cast<std::ptrdiff_t>(at) + 1, arguments.end());
            break;
        }
        if (name.empty() || name[0] != '-') {
            asked.files.push_back(name);
            continue;
        }
        std::string problem;
        if (find_option(name) != nullptr && take_switch(asked, name, problem)) {
            if (!problem.empty()) return wrong(problem);
            continue;
        }
        if (name == "--list-rules") return list_rules(), finish(all_migrated);
        if (name == "--list-reasons") return list_reasons(), finish(all_migrated);
        if (name == "--version") {
            llvm::outs() << "triune-migrate " << TRIUNE_MIGRATE_VERSION << " (Clang " << CLANG_VERSION_STRING << ")\n";
            return finish(all_migrated);
        }
        if (name == "--help" || name == "-h") return llvm::outs() << help_text(), finish(all_migrated);
        if (name == "--man") return llvm::outs() << manual_page(TRIUNE_MIGRATE_VERSION), finish(all_migrated);
        std::string value;
        const auto equals = name.find('=');
        const bool joined = name.starts_with("-j") && name.size() > 2 && equals == std::string::npos;
        const std::string bare = name.substr(0, equals);
        const bool known = takers.contains(bare) || bare == "--explain" || bare == "--completion";
        if (!joined && (!known || find_option(bare) == nullptr)) return wrong("unknown option '" + name + "'");
        if (joined) {
            value = name.substr(2);
            name = "-j";
        } else if (equals != std::string::npos) {
            value = name.substr(equals + 1);
            name.resize(equals);
        } else if (at + 1 < arguments.size()) {
            value = arguments[++at];
        } else {
            return wrong("'" + name + "' needs a value");
        }
        if (name == "--explain") return finish(explain(value));
        if (name == "--completion") return finish(complete(value));
        problem = takers.at(name)(value);
        if (!problem.empty()) return wrong(problem);
    }
    return result;
}

}  // namespace migrate
