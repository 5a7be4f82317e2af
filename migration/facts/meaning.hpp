// SPDX-License-Identifier: Apache-2.0
// What a piece of the program's text resolves to, in words that can be compared after the text has been edited.
#pragma once

#include <string>
#include <vector>

#include "facts/place.hpp"

namespace migrate {

struct Meaning {
    Place at;                             // where it is asked, in the text before any edit
    std::string question;                 // as a message names it: "the function called"
    std::string made_for;                 // arguments of the templates around it, in words that an edit does not change
    Place declared;                       // what it is, in the text before any edit
    std::string answer;                   // ... and what else tells it from others: a value, say
    std::string shown;                    // as a message names it
    std::vector<std::string> parts = {};  // keys of the groups that it may change with
    Place now = {};                       // where it is asked, in the text that was parsed
    unsigned line = 0;                    // ... on which line
};

}  // namespace migrate
