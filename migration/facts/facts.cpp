#include "facts/facts.hpp"

namespace migrate {

groups::key facts::add_site(const place& at, unsigned length, legacy_name name, const std::string& reason) {
    const groups::key group = together.of("S:" + at.file + ":" + std::to_string(at.offset));
    auto [entry, fresh] = sites.try_emplace(at);
    site& held = entry->second;
    if (fresh) {
        held.at = at;
        held.length = length;
        held.symbol = name.spelled->legacy;
        held.module = name.from->module;
        held.rule_id = name.from->id;
        held.group = group;
    }
    if (!reason.empty()) block(group, reason, at);
    return group;
}

void facts::block(groups::key group, const std::string& reason, const place& at) {
    together.block(group, reason);
    // The place that blocks keeps its own reason; the others of its group report "group".
    if (const auto found = sites.find(at); found != sites.end() && found->second.reason.empty()) {
        found->second.reason = reason;
    }
}

}  // namespace migrate
