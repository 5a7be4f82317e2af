// SPDX-License-Identifier: Apache-2.0
#include "edits/groups.hpp"

namespace migrate {

groups::groups(const std::vector<entry>& all) {
    for (const entry& each : all) {
        keys_.emplace(each.name, static_cast<key>(parent_.size()));
        parent_.push_back(each.root);
        reason_.push_back(each.reason);
    }
}

std::vector<groups::entry> groups::members() const {
    std::vector<entry> all(parent_.size());
    for (const auto& [name, number] : keys_) {
        const key root = find(number);
        all[static_cast<std::size_t>(number)] = {name, root, reason_[static_cast<std::size_t>(root)]};
    }
    return all;
}

groups::key groups::of(const std::string& name) {
    const auto [slot, fresh] = keys_.try_emplace(name, static_cast<key>(parent_.size()));
    if (fresh) {
        parent_.push_back(slot->second);
        reason_.emplace_back();
    }
    return slot->second;
}

groups::key groups::find(key member) const {
    auto at = static_cast<std::size_t>(member);
    while (parent_[at] != static_cast<key>(at)) {
        parent_[at] = parent_[static_cast<std::size_t>(parent_[at])];
        at = static_cast<std::size_t>(parent_[at]);
    }
    return static_cast<key>(at);
}

void groups::unite(key left, key right) {
    const key kept = find(left);
    const key merged = find(right);
    if (kept == merged) return;
    parent_[static_cast<std::size_t>(merged)] = kept;
    auto& reason = reason_[static_cast<std::size_t>(kept)];
    if (reason.empty()) reason = reason_[static_cast<std::size_t>(merged)];
}

void groups::block(key member, const std::string& reason) {
    auto& held = reason_[static_cast<std::size_t>(find(member))];
    if (held.empty()) held = reason;
}

std::string groups::why_blocked(key member) const { return reason_[static_cast<std::size_t>(find(member))]; }

}  // namespace migrate
