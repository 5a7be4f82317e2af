// SPDX-License-Identifier: Apache-2.0
// Settles --zero-copy: where a view of the snapshot takes the place of its copies.
#include <algorithm>

#include "facts/call_graph.hpp"
#include "plan/plan.hpp"

namespace migrate {
namespace {

using accepted_edits = std::map<std::string, std::vector<edit>>;

marks mark_of(std::string_view array) { return array == "positions" ? 1 : 2; }

// Why the copies stay; empty where they need not.
std::string why_copied(const facts& found, const call_graph& graph, const kept_copies& copies, groups::key own) {
    if (!copies.refusal.empty()) return copies.refusal;
    const marks meanwhile = graph.reached(copies.rest);
    if ((meanwhile & (call_graph::unknown | mark_of(copies.array))) != 0) return "copy-later-download";
    return found.together.why_blocked(own);
}

void keep_view(std::vector<edit>& edits, const kept_copies& copies, groups::key own) {
    std::erase_if(edits, [&](const edit& each) {
        return each.offset == copies.copying.offset && each.length == 0 && each.text == copies.copying.text;
    });
    constexpr std::string_view vectors = "NodeVectors";
    for (edit& each : edits) {
        if (!copies.type.valid() || each.end() != copies.type.end || !each.text.ends_with(vectors)) continue;
        each.text.replace(each.text.size() - vectors.size(), vectors.size(), "NodeViews");
    }
    for (edit each : copies.views) {
        each.group = own;
        edits.push_back(each);
    }
}

}  // namespace

void plan_views(facts& found, accepted_edits& accepted) {
    if (found.copies.empty()) return;
    call_graph graph(found.calls);
    graph.gather([](const call_node& node) {
        marks own = 0;
        for (const std::string& each : node.downloads) own |= mark_of(each);
        return own;
    });
    for (const auto& [at, copies] : found.copies) {
        const auto called = found.sites.find(at);
        if (called == found.sites.end()) continue;
        called->second.note.clear();
        if (!goes(found, called->second)) continue;
        const groups::key own = found.together.of("V:" + at.file + ":" + std::to_string(at.offset));
        called->second.note = why_copied(found, graph, copies, own);
        if (!called->second.note.empty()) continue;
        called->second.note = "view";
        keep_view(accepted[at.file], copies, own);
    }
}

}  // namespace migrate
