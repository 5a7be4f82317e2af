// SPDX-License-Identifier: Apache-2.0
#include "cli/completion.hpp"

#include <array>
#include <set>

#include "cli/program_text.hpp"
#include "rules/rule.hpp"

namespace migrate {
namespace {

constexpr auto shells = std::to_array<std::string_view>({"bash", "zsh", "fish"});

// Values of one kind, behind spaces; empty where the shell looks for files itself, or nothing is known.
std::string words(Completes kind) {
    std::set<std::string_view> found;
    switch (kind) {
        case Completes::rules:
            for (const Rule& each : all_rules()) found.insert(each.id);
            break;
        case Completes::modules:
            for (const Rule& each : all_rules()) found.insert(each.module);
            break;
        case Completes::topics:
            for (const Rule& each : all_rules()) found.insert(each.id);
            for (const Reason& each : all_reasons()) found.insert(each.code);
            for (const Reason& each : all_notes()) found.insert(each.code);
            break;
        case Completes::styles: found = {"file", "none", "LLVM", "Google", "Chromium", "Mozilla", "WebKit"}; break;
        case Completes::shells: found.insert(shells.begin(), shells.end()); break;
        case Completes::nothing:
        case Completes::files:
        case Completes::folders: break;
    }
    std::string joined;
    for (const std::string_view each : found) joined.append(joined.empty() ? "" : " ").append(each);
    return joined;
}

bool is_list(Completes kind) { return kind == Completes::rules || kind == Completes::modules; }

bool is_long(const OptionText& option) { return option.name.starts_with("--"); }

// Between apostrophes, as zsh reads them.
std::string without_apostrophes(std::string_view text) {
    std::string result;
    for (const char each : text) result += each == '\'' ? std::string("'\\''") : std::string(1, each);
    return result;
}

// `marked` characters get a backslash.
std::string quoted(std::string_view text, std::string_view marked) {
    std::string result;
    for (const char each : text) {
        if (marked.find(each) != std::string_view::npos) result += '\\';
        result += each;
    }
    return result;
}

// What bash asks compgen for.
std::string in_bash(const OptionText& option) {
    if (option.completes == Completes::files) return "-f -- \"$word\"";
    if (option.completes == Completes::folders) return "-d -- \"$word\"";
    const std::string known = "-W \"" + words(option.completes) + "\" -- ";
    return is_list(option.completes) ? "-P \"$before\" " + known + "\"${word##*,}\"" : known + "\"$word\"";
}

std::string in_bash() {
    std::string names, cases;
    for (const OptionGroup& group : option_groups()) {
        for (const OptionText& option : group.options) {
            const bool with_equals = is_long(option) && !option.value.empty();
            names.append(names.empty() ? "" : " ").append(option.name).append(with_equals ? "=" : "");
            if (option.value.empty()) continue;
            cases.append("        ").append(option.name).append(") asked=(").append(in_bash(option)).append(") ;;\n");
        }
    }
    return "# Completes the options of " + std::string(program_name()) + R"( in bash.
_triune_migrate() {
    local word=${COMP_WORDS[COMP_CWORD]} option="" before="" asked=()
    # bash takes the = of --option=value for a word of its own.
    if [[ $word == "=" ]]; then
        word="" option=${COMP_WORDS[COMP_CWORD - 1]}
    elif [[ $COMP_CWORD -ge 2 && ${COMP_WORDS[COMP_CWORD - 1]} == "=" ]]; then
        option=${COMP_WORDS[COMP_CWORD - 2]}
    elif [[ $COMP_CWORD -ge 1 && $word != -* ]]; then
        option=${COMP_WORDS[COMP_CWORD - 1]}
    fi
    [[ $word != *,* ]] || before="${word%,*},"
    case $option in
)" + cases + R"(        *)
            asked=(-f -- "$word")
            [[ $word != -* ]] || asked=(-W ")" +
           names + R"(" -- "$word")
            ;;
    esac
    mapfile -t COMPREPLY < <(compgen "${asked[@]}")
    [[ ${COMPREPLY[0]-} != -*= ]] || compopt -o nospace
}
complete -o filenames -F _triune_migrate )" +
           std::string(program_name()) + "\n";
}

std::string in_zsh() {
    std::string text = "#compdef " + std::string(program_name()) + "\n_arguments \\\n";
    for (const OptionGroup& group : option_groups()) {
        for (const OptionText& option : group.options) {
            const bool repeatable = option.help.ends_with("repeatable");
            text.append("    '").append(repeatable ? "*" : "").append(option.name);
            if (!option.value.empty()) text += is_long(option) ? "=" : "+";
            text.append("[").append(without_apostrophes(quoted(option.help, "[]:\\"))).append("]");
            if (!option.value.empty()) {
                text.append(":").append(quoted(option.value, ":\\")).append(":");
                const std::string known = words(option.completes);
                if (option.completes == Completes::files) text += "_files";
                if (option.completes == Completes::folders) text += "_files -/";
                if (is_list(option.completes)) text += "_values -s , value " + known;
                if (!known.empty() && !is_list(option.completes)) text += "(" + known + ")";
            }
            text += "' \\\n";
        }
    }
    return text + "    '*:file:_files'\n";
}

std::string in_fish() {
    const std::string program(program_name());
    std::string text = "# Completes the options of " + program + " in fish.\n";
    for (const OptionGroup& group : option_groups()) {
        for (const OptionText& option : group.options) {
            text.append("complete -c ").append(program).append(is_long(option) ? " -l " : " -s ");
            text.append(option.name.substr(is_long(option) ? 2 : 1));
            const std::string known = words(option.completes);
            if (!option.value.empty()) text += option.completes == Completes::files ? " -r" : " -x";
            if (option.completes == Completes::folders) text += " -a '(__fish_complete_directories)'";
            if (is_list(option.completes)) {
                text += " -a '(__fish_append , " + known + ")'";
            } else if (!known.empty()) {
                text += " -a '" + known + "'";
            }
            text.append(" -d '").append(quoted(option.help, "'\\")).append("'\n");
        }
    }
    return text;
}

}  // namespace

std::string completion(std::string_view shell) {
    if (shell == "bash") return in_bash();
    if (shell == "zsh") return in_zsh();
    if (shell == "fish") return in_fish();
    return {};
}

}  // namespace migrate
