// SPDX-License-Identifier: Apache-2.0
// Settles the handlers of CudaException: what can reach each of them, before and after.
#include <algorithm>
#include <tuple>

#include "facts/call_graph.hpp"
#include "plan/plan.hpp"

namespace migrate {
namespace {

bool holds_sites(const Facts& found, const TextRange& range) {
    const auto first = found.sites.lower_bound({range.file, range.begin});
    return first != found.sites.end() && first->first.file == range.file && first->first.offset < range.end;
}

std::string doubled(const Facts& found, const CatchClause& clause, std::vector<Edit> edits) {
    std::ranges::stable_sort(edits, {},
                             [](const Edit& each) { return std::tuple(each.offset, each.length != 0, each.order); });
    const std::string& text = found.files.at(clause.clause.file).content;
    std::string copy;
    unsigned at = clause.clause.begin;
    for (const Edit& each : edits) {
        copy.append(text, at, each.offset - at);
        copy += each.text;
        at = each.end();
    }
    copy.append(text, at, clause.clause.end - at);
    return copy + " ";
}

// Bits of what lies under a handler.
constexpr Marks going = 1;    // migrated calls that threw CudaException
constexpr Marks staying = 2;  // whatever throws it still
constexpr Marks untyped = 4;  // calls of module 2, whose failures passed the handler ...
constexpr Marks passing = 8;  // ... and are migrated

std::vector<Edit> migrated(const Facts& found, const CatchClause& clause, Marks under, Groups::Key own) {
    std::vector<Edit> edits = clause.body_edits;
    const bool is_new = !clause.type.valid();
    if (!is_new) {
        edits.push_back({clause.type.file, clause.type.begin, clause.type.end - clause.type.begin, "triune::Error"});
    }
    if ((under & untyped) != 0) edits.insert(edits.end(), clause.passing_edits.begin(), clause.passing_edits.end());
    if (!is_new && (under & staying) != 0) {
        // The new handler comes first; neither class is a base of the other.
        edits = {{clause.clause.file, clause.clause.begin, 0, doubled(found, clause, edits)}};
    }
    for (Edit& each : edits) each.group = own;
    return edits;
}

}  // namespace

std::vector<Edit> plan_handlers(Facts& found) {
    const auto may_go = [&](Groups::Key each) { return found.together.why_blocked(each).empty(); };
    CallGraph graph(found.calls);
    for (const std::string& try_body : found.asked_errors) {
        const auto block = [&](const CallNode& each) {
            for (const Groups::Key throwing : each.throwing) found.together.block(throwing, "handler");
        };
        if (try_body.empty()) {
            for (const auto& [name, node] : found.calls) block(node);
        } else {
            for (const CallNode* each : graph.nodes_from({try_body})) block(*each);
        }
    }
    std::vector<Edit> result;
    for (bool settled = false; !settled;) {
        result.clear();
        graph.gather([&](const CallNode& node) {
            Marks own = node.throws_legacy ? staying : 0;
            for (const Groups::Key each : node.throwing) own |= may_go(each) ? going : staying;
            for (const Groups::Key each : node.untyped) own |= may_go(each) ? untyped | passing : untyped;
            return own;
        });
        std::vector<std::string> refused, not_passed, locked;  // try blocks
        for (auto& [at, clause] : found.handlers) {
            const Marks under = graph.reached(clause.try_body);
            const bool is_new = !clause.type.valid();  // migrated before: it lacks the question at most
            if ((under & (is_new ? passing : going)) == 0) continue;
            const Groups::Key own = found.together.of("H:" + at.file + ":" + std::to_string(at.offset));
            const FileFacts& file = found.files[at.file];
            const bool can_pass = clause.can_pass && !holds_sites(found, clause.passed_to);
            const bool doubling =
                (under & staying) != 0 && (!clause.can_be_doubled || holds_sites(found, clause.clause));
            if (!is_new && (!clause.refusal.empty() || doubling || !may_go(own) || !file.editable)) {
                refused.push_back(clause.try_body);
            } else if (is_new && !file.editable && (!can_pass || !clause.passing_edits.empty())) {
                (file.locked ? locked : not_passed).push_back(clause.try_body);
            } else if ((under & passing) != 0 && !can_pass) {
                not_passed.push_back(clause.try_body);
            } else {
                const std::vector<Edit> edits = migrated(found, clause, can_pass ? under : under & ~untyped, own);
                result.insert(result.end(), edits.begin(), edits.end());
            }
        }
        settled = refused.empty() && not_passed.empty() && locked.empty();
        const auto block = [&](const std::set<Groups::Key>& all, const char* reason) {
            for (const Groups::Key each : all) {
                if (may_go(each)) found.together.block(each, reason);
            }
        };
        for (const CallNode* each : graph.nodes_from(refused)) block(each->throwing, "handler");
        for (const CallNode* each : graph.nodes_from(not_passed)) block(each->untyped, "untyped-handler");
        for (const CallNode* each : graph.nodes_from(locked)) block(each->untyped, "not-selected");
    }
    return result;
}

}  // namespace migrate
