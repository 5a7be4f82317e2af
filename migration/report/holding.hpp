// SPDX-License-Identifier: Apache-2.0
// The places that hold most others back, and what to do about each.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "facts/facts.hpp"

namespace migrate {

// For each place that is left for another one's sake, the place with a reason of its own that it waits for.
std::map<Place, Place> waiting(const Facts& found);

struct HeldPlace {
    const Site* about;
    std::string file;  // as people write it
    unsigned line;
    std::string text;     // of its line
    unsigned followers;   // places that wait for it
    std::string message;  // the compiler's, where there is one
    std::string_view what_to_do;
};

// Most followers first. Only places that others wait for.
std::vector<HeldPlace> rank_holding(const Facts& found);

// The compiler's message that took the site back; empty where there is none.
std::string message_of(const Facts& found, const Site& each);

}  // namespace migrate
