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

void find_replaced_insides(Facts& found) {
    const std::string kept = "the name and the size of a managed buffer whose inside is replaced";
    std::set<std::string> met = found.replaced;
    std::vector<std::string> next(met.begin(), met.end());
    while (!next.empty()) {
        const std::string node = std::move(next.back());
        next.pop_back();
        if (node.starts_with("S:")) {
            found.told_apart[kept]["utils::ManagedDeviceBuffer"].insert(node);
            found.told_apart[kept]["utils::DeviceBuffer"].insert("R:" + kept);
        }
        const auto sources = found.refers.find(node);
        if (sources == found.refers.end()) continue;
        for (const std::string& each : sources->second) {
            if (met.insert(each).second) next.push_back(each);
        }
    }
}

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
