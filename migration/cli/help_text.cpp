// SPDX-License-Identifier: Apache-2.0
#include "cli/help_text.hpp"

#include <algorithm>
#include <cctype>

#include "cli/program_text.hpp"

namespace migrate {
namespace {

// "--report=F", "-j N", "--fix"
std::string spelled(const OptionText& option) {
    std::string text(option.name);
    if (!option.value.empty()) text += option.name.starts_with("--") ? "=" : " ";
    return text.append(option.value);
}

// For man: a backslash and a minus would mean something else, and so would a dot or an apostrophe that begins a line.
std::string escaped(std::string_view text) {
    std::string result;
    bool begins = true;
    for (const char each : text) {
        if (begins && (each == '.' || each == '\'')) result += "\\&";
        if (each == '\\') {
            result += "\\e";
        } else if (each == '-') {
            result += "\\-";
        } else {
            result += each;
        }
        begins = each == '\n';
    }
    return result;
}

std::string upper(std::string_view text) {
    std::string result;
    for (const char each : text) result += static_cast<char>(std::toupper(static_cast<unsigned char>(each)));
    return result;
}

}  // namespace

std::string help_text() {
    constexpr std::size_t column = 27;  // where the explanations begin
    std::string text = "usage: ";
    text.append(program_synopsis()).append("\n").append(program_purpose()).append("\n").append(program_description());
    for (const OptionGroup& group : option_groups()) {
        text.append(group.title).append(":\n");
        for (const OptionText& option : group.options) {
            std::string line = "  " + spelled(option);
            line.resize(std::max(column, line.size() + 1), ' ');
            text.append(line).append(option.help).append("\n");
        }
    }
    text.append(program_remark()).append("exit status: ");
    for (const ExitText& each : exit_texts()) {
        if (each.status != exit_texts().front().status) text += ", ";
        text.append(std::to_string(each.status)).append(" ").append(each.meaning);
    }
    return text + "\n";
}

std::string manual_page(std::string_view version) {
    std::string purpose(program_purpose());
    purpose.front() = static_cast<char>(std::tolower(static_cast<unsigned char>(purpose.front())));
    purpose.pop_back();  // a full stop, which whatis(1) goes without
    // No date: the same sources make the same page.
    std::string page = ".TH " + upper(program_name()) + " 1 \"\" \"triune " + std::string(version) + "\"";
    page += " \"User Commands\"\n";
    page += ".SH NAME\n" + escaped(program_name()) + " \\- " + escaped(purpose) + "\n";
    page += ".SH SYNOPSIS\n" + escaped(program_synopsis()) + "\n";
    page += ".SH DESCRIPTION\n" + escaped(program_purpose()) + "\n" + escaped(program_description());
    page += ".PP\n" + escaped(program_remark()) + ".SH OPTIONS\n";
    for (const OptionGroup& group : option_groups()) {
        page += ".SS " + escaped(group.title) + "\n";
        for (const OptionText& option : group.options) {
            page += ".TP\n.B " + escaped(spelled(option)) + "\n" + escaped(option.help) + "\n";
        }
    }
    page += ".SH EXIT STATUS\n";
    for (const ExitText& each : exit_texts()) {
        page += ".TP\n.B " + std::to_string(each.status) + "\n" + escaped(each.meaning) + "\n";
    }
    return page;
}

}  // namespace migrate
