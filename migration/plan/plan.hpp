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
struct planned_file {
    applied_text result;
    bool changed = false;
};

using plan = std::map<std::string, planned_file>;

// May block further groups; calling it again after a group was blocked gives the plan without it.
plan make_plan(facts& found);

// States and reasons of all sites, once no group changes any more. `nothing_goes`: verification failed as a whole.
void settle_sites(facts& found, bool nothing_goes);

// told_apart.cpp: of classes that would become one leaves all but one, where the program keeps something for each.
void keep_apart(Facts& found);
// The parts, each adding edits whose groups may go. handler_plan.cpp:
std::vector<edit> plan_handlers(facts& found);
// view_plan.cpp, for --zero-copy: exchanges edits that ask for copies for those that keep a view, and notes why not.
void plan_views(facts& found, std::map<std::string, std::vector<edit>>& accepted);
// include_plan.cpp:
struct include_decisions {
    std::vector<edit> edits;
    std::map<place, bool> removed;  // by the include line's place
    // Must stay in this run, since only a run over more folders can write them as one run over everything would.
    std::set<groups::key> waiting = {};
};
include_decisions plan_includes(facts& found, const std::map<std::string, std::vector<edit>>& accepted);
// True where the site will be in the new API.
bool goes(const facts& found, const site& each);
// True where a plain replacement takes the place away. `accepted` sorted, as make_plan has them.
bool covered(const std::map<std::string, std::vector<edit>>& accepted, const place& at);

}  // namespace migrate
