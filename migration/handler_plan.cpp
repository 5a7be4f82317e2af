// Settles the handlers of CudaException: what can reach each of them, before and after.
#include <algorithm>
#include <tuple>

#include "call_graph.hpp"
#include "plan.hpp"

namespace migrate {
namespace {

bool holds_sites(const facts& found, const text_range& range) {
    const auto first = found.sites.lower_bound({range.file, range.begin});
    return first != found.sites.end() && first->first.file == range.file && first->first.offset < range.end;
}

std::string doubled(const facts& found, const catch_clause& clause, std::vector<edit> edits) {
    std::ranges::stable_sort(edits, {},
                             [](const edit& each) { return std::tuple(each.offset, each.length != 0, each.order); });
    const std::string& text = found.files.at(clause.clause.file).content;
    std::string copy;
    unsigned at = clause.clause.begin;
    for (const edit& each : edits) {
        copy.append(text, at, each.offset - at);
        copy += each.text;
        at = each.end();
    }
    copy.append(text, at, clause.clause.end - at);
    return copy + " ";
}

}  // namespace

std::vector<edit> plan_handlers(facts& found) {
    std::vector<edit> result;
    for (bool settled = false; !settled;) {
        settled = true;
        result.clear();
        for (auto& [at, clause] : found.handlers) {
            const reached under = reach(found, clause.try_body);
            const auto may_go = [&](groups::key each) { return found.together.why_blocked(each).empty(); };
            const bool migrated = std::ranges::any_of(under.throwing, may_go);
            const bool legacy = under.legacy || !std::ranges::all_of(under.throwing, may_go);
            if (!migrated) continue;
            const groups::key own = found.together.of("H:" + at.file + ":" + std::to_string(at.offset));
            const bool doubling = legacy && (!clause.can_be_doubled || holds_sites(found, clause.clause));
            const bool refused = !clause.refusal.empty() || doubling || !may_go(own) || !found.files[at.file].editable;
            if (refused) {
                for (const groups::key each : under.throwing) {
                    if (may_go(each)) found.together.block(each, "handler");
                }
                settled = false;
                continue;
            }
            std::vector<edit> edits = clause.body_edits;
            edit type{clause.type.file, clause.type.begin, clause.type.end - clause.type.begin,
                      scope_mark + std::string("Error")};
            edits.push_back(type);
            for (edit& each : edits) each.group = own;
            if (legacy) {
                // The new handler comes first; neither class is a base of the other.
                edit copy{clause.clause.file, clause.clause.begin, 0, doubled(found, clause, edits)};
                copy.group = own;
                edits = {copy};
            }
            result.insert(result.end(), edits.begin(), edits.end());
        }
    }
    return result;
}

}  // namespace migrate
