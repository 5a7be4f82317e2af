// SPDX-License-Identifier: Apache-2.0
// Flags that decide which code is compiled, as Clang takes them; and those that would run other people's code.
#pragma once

#include <string>
#include <vector>

namespace migrate {

struct ChosenFlags {
    std::vector<std::string> flags;
    std::vector<std::string> notes;  // what was left out or stood in for, in words
};

// `given` behind the compiler's name. Flags of the preprocessor (-Wp,) and of configuration files are taken out of
// their wrapping. `gcc`: macros that gcc defines for a flag are defined.
ChosenFlags choose_flags(const std::vector<std::string>& given, const std::string& directory, bool gcc);

}  // namespace migrate
