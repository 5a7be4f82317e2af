// SPDX-License-Identifier: Apache-2.0
// What the program says of itself. --help, the manual page and the completions of the shells are made from this, and an
// option that does not stand here is unknown.
#pragma once

#include <span>
#include <string_view>

namespace migrate {

// What a shell offers for an option's value.
enum class Completes { nothing, files, folders, rules, modules, topics, styles, shells };

struct OptionText {
    std::string_view name;   // "--report"
    std::string_view value;  // "F"; empty for a switch
    std::string_view help;
    Completes completes = Completes::nothing;
};

struct OptionGroup {
    std::string_view title;
    std::span<const OptionText> options;
};

struct ExitText {
    int status;
    std::string_view meaning;
};

std::string_view program_name();
std::string_view program_synopsis();
std::string_view program_purpose();      // one line
std::string_view program_description();  // sentences, a line break behind each
std::string_view program_remark();       // what follows the options
std::span<const OptionGroup> option_groups();
std::span<const ExitText> exit_texts();

// Null where there is no such option.
const OptionText* find_option(std::string_view name);

}  // namespace migrate
