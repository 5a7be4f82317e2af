// SPDX-License-Identifier: Apache-2.0
// From facts to text: settles which groups may go, adds the edits that depend on all the others (handlers, includes,
// using-directives, dropped variables), and applies them.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "facts/facts.hpp"
#include "project/options.hpp"

namespace migrate {

// The outcome for one file.
struct PlannedFile {
    AppliedText result;
    bool changed = false;
};

using Plan = std::map<std::string, PlannedFile>;

// May block further groups; calling it again after a group was blocked gives the plan without it.
Plan make_plan(Facts& found);

// States and reasons of all sites, once no group changes any more. `nothing_goes`: verification failed as a whole.
void settle_sites(Facts& found, bool nothing_goes);

// told_apart.cpp: managed buffers whose inside is replaced, by whatever way it went, are told apart from device
// buffers.
void find_replaced_insides(Facts& found);
// told_apart.cpp: of classes that would become one leaves all but one, where the program keeps something for each.
void keep_apart(Facts& found);
// The parts, each adding edits whose groups may go. handler_plan.cpp:
std::vector<Edit> plan_handlers(Facts& found);
// view_plan.cpp, for --zero-copy: exchanges edits that ask for copies for those that keep a view, and notes why not.
void plan_views(Facts& found, std::map<std::string, std::vector<Edit>>& accepted);
// include_plan.cpp:
struct IncludeDecisions {
    std::vector<Edit> edits;
    std::map<Place, bool> removed;  // by the include line's place
};
IncludeDecisions plan_includes(Facts& found, const std::map<std::string, std::vector<Edit>>& accepted);
// True where the site will be in the new API.
bool goes(const Facts& found, const Site& each);
// True where a plain replacement takes the place away. `accepted` sorted, as make_plan has them.
bool covered(const std::map<std::string, std::vector<Edit>>& accepted, const Place& at);

}  // namespace migrate
