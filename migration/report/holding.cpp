// SPDX-License-Identifier: Apache-2.0
#include "report/holding.hpp"

#include <algorithm>

#include "rules/rule.hpp"
#include "text/line_index.hpp"
#include "text/shown_path.hpp"

namespace migrate {

std::map<Place, Place> waiting(const Facts& found) {
    std::map<Groups::Key, Place> first;
    for (const auto& [at, each] : found.sites) {
        const bool own = !each.reason.empty() && each.reason != "group" && each.reason != "transition";
        if (own && each.state == SiteState::blocked) first.try_emplace(found.together.find(each.group), at);
    }
    std::map<std::string_view, Place> by_type;
    for (const auto& [at, each] : found.sites) {
        if (!each.stays.empty()) by_type.try_emplace(transition_type_with(each.symbol), at);
    }
    // What an include line serves: a place of its own file, else any of its module.
    std::map<std::pair<std::string_view, std::string_view>, Place> by_file;
    std::map<std::string_view, Place> by_module;
    for (const auto& [at, each] : found.sites) {
        const bool own = each.state != SiteState::migrated && each.reason != "group" && each.reason != "transition";
        if (!own || legacy_header(each.symbol) != nullptr) continue;
        by_file.try_emplace({at.file, each.module}, at);
        by_module.try_emplace(each.module, at);
    }
    std::map<Place, Place> result;
    for (const auto& [at, each] : found.sites) {
        if (each.reason != "group" && each.reason != "transition") continue;
        if (legacy_header(each.symbol) != nullptr) {
            const auto here = by_file.find({at.file, each.module});
            const auto user = by_module.find(each.module);
            if (here != by_file.end()) {
                result[at] = here->second;
            } else if (user != by_module.end()) {
                result[at] = user->second;
            }
            continue;
        }
        const auto known = first.find(found.together.find(each.group));
        if (known != first.end()) {
            result[at] = known->second;
        } else if (const auto type = by_type.find(transition_type_of(each.symbol)); type != by_type.end()) {
            result[at] = type->second;
        }
    }
    return result;
}

std::string message_of(const Facts& found, const Site& each) {
    if (each.reason != "verify" && each.reason != "resolves-otherwise") return {};
    for (const auto& [group, message] : found.messages) {
        if (found.together.find(group) == found.together.find(each.group)) return message;
    }
    return {};
}

std::vector<HeldPlace> rank_holding(const Facts& found) {
    std::map<Place, unsigned> followers;
    for (const auto& [at, other] : waiting(found)) ++followers[other];
    std::vector<HeldPlace> ranked;
    for (const auto& [at, times] : followers) {
        const Site& held = found.sites.at(at);
        const LineIndex lines(found.files.at(at.file).content);
        const unsigned line = lines.at(at.offset).line;
        const Reason* why = find_reason(held.reason);
        ranked.push_back({&held, shown_path(at.file), line, std::string(lines.line(line)), times,
                          message_of(found, held), why == nullptr ? std::string_view() : why->what_to_do});
    }
    std::ranges::stable_sort(ranked, std::greater(), &HeldPlace::followers);
    return ranked;
}

}  // namespace migrate
