#include "command_line.hpp"

#include <llvm/Support/FileSystem.h>
#include <llvm/Support/Path.h>
#include <llvm/Support/raw_ostream.h>

#include "driver.hpp"
#include "rule.hpp"

namespace migrate {
namespace {

constexpr const char* usage = R"(usage: triune-migrate -p BUILD [FILES...]
Moves code from the legacy GPU memory modules to triune. BUILD holds compile_commands.json; without FILES, all its
units are read. Shows a unified diff and writes nothing, unless --fix is given.
  --fix                    write the changes
  --report=F.json          account for every site in a file
  --status                 count only
  --list-rules             every rule: id, module, before and after
  --explain ID             one rule, or one reason code, in words
  --exclude=REGEX          files never to edit
  --header-filter=REGEX    headers to edit; default all
  --triune-include=DIR     where <triune/triune.hpp> is, for units that do not see it
  --extra-arg=ARG          one more argument for the parser
  --quiet                  no summary
exit status: 0 nothing legacy is left, 1 sites remain, 2 units failed to parse, 3 usage, 4 conflict or failed verification
)";

void list_rules() {
    for (const rule& each : all_rules()) {
        llvm::outs() << each.id << " " << each.module << "\n    " << each.before << "\n    -> " << each.after << "\n";
    }
}

int explain(const std::string& wanted) {
    for (const rule& each : all_rules()) {
        if (each.id != wanted) continue;
        llvm::outs() << each.id << " (" << each.module << ")\n  before: " << each.before << "\n  after:  " << each.after
                     << "\n\n"
                     << each.explanation << "\n";
        if (!each.refusals.empty()) llvm::outs() << each.refusals << "\n";
        if (!each.spellings.empty()) llvm::outs() << "\nNames:\n";
        for (const spelling& name : each.spellings) llvm::outs() << "  " << name.legacy << "\n";
        return all_migrated;
    }
    for (const reason& each : all_reasons()) {
        if (each.code != wanted) continue;
        llvm::outs() << each.code << "\n\n" << each.explanation << "\n";
        return all_migrated;
    }
    llvm::errs() << "triune-migrate: no rule or reason is called '" << wanted << "'; see --list-rules\n";
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

}  // namespace

command read_command_line(const std::vector<std::string>& arguments, const std::string& executable) {
    command result;
    options& asked = result.asked;
    asked.triune_include = default_triune_include(executable);
    const auto finish = [&](int status) {
        result.finished = true;
        result.status = status;
        return result;
    };
    const auto wrong = [&](const std::string& message) {
        llvm::errs() << "triune-migrate: " << message << "\n" << usage;
        return finish(bad_usage);
    };
    for (std::size_t at = 0; at < arguments.size(); ++at) {
        std::string name = arguments[at];
        if (name.empty() || name[0] != '-') {
            asked.files.push_back(name);
            continue;
        }
        if (name.starts_with("--") && name.find('=') == std::string::npos) {
            if (name == "--fix") {
                asked.fix = true;
                continue;
            }
            if (name == "--status") {
                asked.status = true;
                continue;
            }
            if (name == "--quiet") {
                asked.quiet = true;
                continue;
            }
            if (name == "--no-verify") {
                asked.verify = false;
                continue;
            }
            if (name == "--list-rules") return list_rules(), finish(all_migrated);
            if (name == "--help") return llvm::outs() << usage, finish(all_migrated);
        }
        std::string value;
        const auto equals = name.find('=');
        if (equals != std::string::npos) {
            value = name.substr(equals + 1);
            name.resize(equals);
        } else if (at + 1 < arguments.size()) {
            value = arguments[++at];
        } else {
            return wrong("'" + name + "' is not an option, or needs a value");
        }
        if (name == "-p")
            asked.build_directory = value;
        else if (name == "--report")
            asked.report = value;
        else if (name == "--explain")
            return finish(explain(value));
        else if (name == "--exclude")
            asked.exclude = value;
        else if (name == "--header-filter")
            asked.header_filter = value;
        else if (name == "--triune-include")
            asked.triune_include = value;
        else if (name == "--extra-arg")
            asked.extra_arguments.push_back(value);
        else
            return wrong("unknown option '" + name + "'");
    }
    if (asked.build_directory.empty()) return wrong("-p BUILD is missing");
    return result;
}

}  // namespace migrate
