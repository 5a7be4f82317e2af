// SPDX-License-Identifier: Apache-2.0
#include "edits/groups.hpp"

namespace migrate {

Groups::Groups(const std::vector<Entry>& all) {
    for (const Entry& each : all) {
        keys_.emplace(each.name, static_cast<Key>(parent_.size()));
        parent_.push_back(each.root);
        reason_.push_back(each.reason);
    }
}

std::vector<Groups::Entry> Groups::members() const {
    std::vector<Entry> all(parent_.size());
    for (const auto& [name, number] : keys_) {
        const Key root = find(number);
        all[static_cast<std::size_t>(number)] = {name, root, reason_[static_cast<std::size_t>(root)]};
    }
    return all;
}

Groups::Key Groups::of(const std::string& name) {
    const auto [slot, fresh] = keys_.try_emplace(name, static_cast<Key>(parent_.size()));
    if (fresh) {
        parent_.push_back(slot->second);
        reason_.emplace_back();
    }
    return slot->second;
}

Groups::Key Groups::find(Key member) const {
    auto at = static_cast<std::size_t>(member);
    while (parent_[at] != static_cast<Key>(at)) {
        parent_[at] = parent_[static_cast<std::size_t>(parent_[at])];
        at = static_cast<std::size_t>(parent_[at]);
    }
    return static_cast<Key>(at);
}

void Groups::unite(Key left, Key right) {
    const Key kept = find(left);
    const Key merged = find(right);
    if (kept == merged) return;
    parent_[static_cast<std::size_t>(merged)] = kept;
    auto& reason = reason_[static_cast<std::size_t>(kept)];
    if (reason.empty()) reason = reason_[static_cast<std::size_t>(merged)];
}

void Groups::block(Key member, const std::string& reason) {
    auto& held = reason_[static_cast<std::size_t>(find(member))];
    if (held.empty()) held = reason;
}

std::string Groups::why_blocked(Key member) const { return reason_[static_cast<std::size_t>(find(member))]; }

}  // namespace migrate
