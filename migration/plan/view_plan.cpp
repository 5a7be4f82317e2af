// SPDX-License-Identifier: Apache-2.0
// Settles --zero-copy: where a view of the snapshot takes the place of its copies.
#include <algorithm>

#include "facts/call_graph.hpp"
#include "plan/plan.hpp"

namespace migrate {
namespace {

using AcceptedEdits = std::map<std::string, std::vector<Edit>>;

Marks mark_of(std::string_view array) { return array == "positions" ? 1 : 2; }

// Why the copies stay; empty where they need not.
std::string why_copied(const Facts& found, const CallGraph& graph, const KeptCopies& copies, Groups::Key own) {
    if (!copies.refusal.empty()) return copies.refusal;
    const Marks meanwhile = graph.reached(copies.rest);
    if ((meanwhile & (CallGraph::unknown | mark_of(copies.array))) != 0) return "copy-later-download";
    return found.together.why_blocked(own);
}

void keep_view(std::vector<Edit>& edits, const KeptCopies& copies, Groups::Key own) {
    std::erase_if(edits, [&](const Edit& each) {
        return each.offset == copies.copying.offset && each.length == 0 && each.text == copies.copying.text;
    });
    constexpr std::string_view vectors = "NodeVectors";
    for (Edit& each : edits) {
        if (!copies.type.valid() || each.end() != copies.type.end || !each.text.ends_with(vectors)) continue;
        each.text.replace(each.text.size() - vectors.size(), vectors.size(), "NodeViews");
    }
    for (Edit each : copies.views) {
        each.group = own;
        edits.push_back(each);
    }
}

}  // namespace

void plan_views(Facts& found, AcceptedEdits& accepted) {
    if (found.copies.empty()) return;
    CallGraph graph(found.calls);
    graph.gather([](const CallNode& node) {
        Marks own = 0;
        for (const std::string& each : node.downloads) own |= mark_of(each);
        return own;
    });
    for (const auto& [at, copies] : found.copies) {
        const auto called = found.sites.find(at);
        if (called == found.sites.end()) continue;
        called->second.note.clear();
        if (!goes(found, called->second)) continue;
        const Groups::Key own = found.together.of("V:" + at.file + ":" + std::to_string(at.offset));
        called->second.note = why_copied(found, graph, copies, own);
        if (!called->second.note.empty()) continue;
        called->second.note = "view";
        keep_view(accepted[at.file], copies, own);
    }
}

}  // namespace migrate
