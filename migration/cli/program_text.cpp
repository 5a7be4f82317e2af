// SPDX-License-Identifier: Apache-2.0
#include "cli/program_text.hpp"

#include <algorithm>
#include <array>

namespace migrate {
namespace {

constexpr auto what_to_do = std::to_array<OptionText>({
    {"--fix", "", "write the changes"},
    {"--undo", "", "take the last --fix back"},
    {"--status", "", "count only"},
    {"--doctor", "", "say which units parse, and why others do not"},
    {"--list-rules", "", "every rule: id, module, before and after"},
    {"--list-reasons", "", "every reason for which a place is left"},
    {"--explain", "ID", "one rule, one reason or one note, in words, and what to do", Completes::topics},
    {"--help", "", "this text"},
    {"--version", "", "this program's version, and the one of the Clang in it"},
    {"--man", "", "the manual page, for man -l"},
    {"--completion", "SHELL", "what bash, zsh or fish reads to complete these options", Completes::shells},
});
constexpr auto what_to_leave = std::to_array<OptionText>({
    {"--report", "F", "account for every site in a file, by its ending .json, .sarif or .html; repeatable",
     Completes::files},
    {"--history", "F", "append this run's totals to a file; the HTML report draws them", Completes::files},
    {"--max-warnings", "N", "places that stay, a warning each on stderr; default 200, 0 for all"},
    {"--export-fixes", "F.yaml", "the edits as clang-apply-replacements reads them", Completes::files},
});
constexpr auto what_to_edit = std::to_array<OptionText>({
    {"--exclude", "REGEX", "files never to edit; repeatable"},
    {"--header-filter", "REGEX", "headers to edit; default all"},
    {"--rules", "ID,...", "rules to apply, and ...", Completes::rules},
    {"--modules", "NAME,...", "modules to migrate, as --list-rules has them; default everything", Completes::modules},
    {"--format-style", "STYLE",
     "of changed lines: file (the default: .clang-format where there is one), none, or a clang style",
     Completes::styles},
    {"--zero-copy", "", "keep views of downloads in place of copies, where the data flow shows that they do as well"},
    {"--no-verify", "", "do not parse the edited units again"},
});
constexpr auto how_to_parse = std::to_array<OptionText>({
    {"-p", "BUILD", "compile_commands.json or its folder", Completes::folders},
    {"-j", "N", "units at once; default all processors"},
    {"--unit-timeout", "SECONDS", "a unit that takes longer has failed; default 300"},
    {"--extra-arg", "ARG", "one more argument for the parser; repeatable"},
    {"--triune-include", "DIR", "where <triune/triune.hpp> is, for units that do not see it", Completes::folders},
    {"--quiet", "", "no warnings, no summary and no progress"},
});
constexpr auto groups = std::to_array<OptionGroup>({
    {"what to do", what_to_do},
    {"what to leave behind", what_to_leave},
    {"what to edit, and how", what_to_edit},
    {"how to parse", how_to_parse},
});
constexpr auto exits = std::to_array<ExitText>({
    {0, "nothing legacy is left"},
    {1, "sites remain"},
    {2, "units failed to parse"},
    {3, "usage"},
    {4, "conflict or failed verification"},
});

}  // namespace

std::string_view program_name() { return "triune-migrate"; }

std::string_view program_synopsis() {
    return "triune-migrate [-p BUILD] [options] [FILES or FOLDERS...] [-- COMPILER ARGUMENTS]";
}

std::string_view program_purpose() { return "Moves code from the legacy GPU memory modules to triune."; }

std::string_view program_description() {
    return "BUILD is compile_commands.json or its folder; without -p it is looked for here and above.\n"
           "Without files all units are read; with files only they, what lies in the folders, and the headers that no\n"
           "other unit sees are edited. Shows a unified diff and writes nothing, unless --fix is given.\n";
}

std::string_view program_remark() {
    return "A comment `// triune-migrate: keep` leaves its line alone, or the next one where it stands alone;\n"
           "`keep begin` and `keep end` leave what stands between them.\n";
}

std::span<const OptionGroup> option_groups() { return groups; }

std::span<const ExitText> exit_texts() { return exits; }

const OptionText* find_option(std::string_view name) {
    for (const OptionGroup& group : groups) {
        const auto found = std::ranges::find(group.options, name, &OptionText::name);
        if (found != group.options.end()) return &*found;
    }
    return nullptr;
}

}  // namespace migrate
