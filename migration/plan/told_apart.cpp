// SPDX-License-Identifier: Apache-2.0
// Classes that become one, where the program keeps something for each: functions of one name, states, objects whose
// type is forgotten.
#include <algorithm>

#include "plan/plan.hpp"

namespace migrate {
namespace {

// The groups of one class's uses that would take it to its new name.
std::set<Groups::Key> going(Facts& found, const std::set<std::string>& parts) {
    std::set<Groups::Key> roots;
    for (const std::string& each : parts) {
        if (each.empty()) continue;
        const Groups::Key root = found.together.find(found.together.of(each));
        if (found.together.why_blocked(root).empty()) roots.insert(root);
    }
    return roots;
}

}  // namespace

void keep_apart(Facts& found) {
    for (auto& [kept, uses] : found.told_apart) {
        if (uses.size() < 2) continue;
        std::map<std::string, std::set<Groups::Key>> change;
        std::string taken;  // who has the new name already
        for (const auto& [type, parts] : uses) {
            const auto roots = going(found, parts);
            if (!roots.empty()) change[type] = roots;
            if (type.find("triune::") != std::string::npos && roots.empty()) taken = type;
        }
        if (change.size() + !taken.empty() < 2) continue;
        // All of them: one that went alone would stand in units that the next run has no reason to read.
        for (const auto& [type, roots] : change) {
            const std::string other = !taken.empty()                  ? taken
                                      : type == change.begin()->first ? change.rbegin()->first
                                                                      : change.begin()->first;
            for (const Groups::Key each : roots) {
                if (!found.together.why_blocked(each).empty()) continue;
                found.together.block(each, "resolves-otherwise");
                found.messages.try_emplace(each, kept + ": there is one for " + type + " and one for " + other +
                                                     ", and would be one for both");
            }
        }
    }
}

}  // namespace migrate
