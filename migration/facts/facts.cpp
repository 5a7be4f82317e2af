// SPDX-License-Identifier: Apache-2.0
#include "facts/facts.hpp"

namespace migrate {

Groups::Key Facts::add_site(const Place& at, unsigned length, LegacyName name, const std::string& reason) {
    const Groups::Key group = together.of("S:" + at.file + ":" + std::to_string(at.offset));
    auto [entry, fresh] = sites.try_emplace(at);
    Site& held = entry->second;
    if (fresh) {
        held.at = at;
        held.length = length;
        held.symbol = name.spelled->legacy;
        held.module = name.from->module;
        held.rule_id = name.from->id;
        held.group = group;
    }
    if (!reason.empty()) leave(group, reason, at);
    return group;
}

void Facts::leave(Groups::Key group, const std::string& reason, const Place& at) {
    const auto found = sites.find(at);
    const bool alone = found != sites.end() && found->second.group == group && reason != "probed-name" &&
                       !transition_type_with(found->second.symbol).empty();
    if (!alone) return block(group, reason, at);
    if (found->second.stays.empty()) found->second.stays = reason;
}

std::map<Groups::Key, std::set<std::string>> Facts::transitions() const {
    std::map<Groups::Key, std::set<std::string>> needed;
    for (const auto& [at, each] : sites) {
        if (each.stays.empty()) continue;
        needed[together.find(each.group)].emplace(transition_type_with(each.symbol));
    }
    return needed;
}

void Facts::block(Groups::Key group, const std::string& reason, const Place& at) {
    together.block(group, reason);
    // The place that blocks keeps its own reason; the others of its group report "group".
    if (const auto found = sites.find(at); found != sites.end() && found->second.reason.empty()) {
        found->second.reason = reason;
    }
}

}  // namespace migrate
