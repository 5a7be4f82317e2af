// SPDX-License-Identifier: Apache-2.0
#include "edits/edit_set.hpp"

#include <algorithm>
#include <tuple>

namespace migrate {
namespace {

auto position(const Edit& each) {
    // An insertion comes before a replacement that starts at the same place.
    return std::tuple(each.offset, each.length != 0, each.order);
}

bool same_text(const Edit& left, const Edit& right) {
    return std::tie(left.offset, left.length, left.text, left.moved_offset, left.moved_length) ==
           std::tie(right.offset, right.length, right.text, right.moved_offset, right.moved_length);
}

// Nested edits are fine only inside the source of a move; they are then rendered where that text goes.
bool carried(const Edit& inner, const Edit& outer) {
    return outer.moved_length != 0 && inner.offset >= outer.offset && inner.end() <= outer.end();
}

bool collide(const Edit& left, const Edit& right) {
    if (left.length == 0 && right.length == 0) {
        return left.offset == right.offset && left.order == right.order && left.text != right.text;
    }
    const bool apart = left.end() <= right.offset || right.end() <= left.offset;
    return !apart && !carried(left, right) && !carried(right, left);
}

void render(const std::string& original, const std::vector<Edit>& edits, unsigned begin, unsigned end,
            std::size_t depth, AppliedText& result) {
    unsigned at = begin;
    for (const Edit& each : edits) {
        const bool inside = each.offset >= at && each.end() <= end;
        // The move whose source this is would render itself for ever.
        const bool itself = depth > 0 && each.moved_length != 0 && each.offset == begin && each.end() == end;
        if (!inside || itself) continue;
        result.text.append(original, at, each.offset - at);
        const auto start = static_cast<unsigned>(result.text.size());
        result.text += each.text;
        if (each.moved_length != 0) {
            render(original, edits, each.moved_offset, each.moved_offset + each.moved_length, depth + 1, result);
        }
        result.edits.push_back({each.offset, each.end(), start, static_cast<unsigned>(result.text.size()), each.group});
        at = each.end();
    }
    result.text.append(original, at, end - at);
}

}  // namespace

void EditSet::add(const Edit& wanted) {
    // The same edit asked for by several units is one edit; its groups are the same by then.
    if (known_.insert(wanted).second) edits_[wanted.file].push_back(wanted);
}

void EditSet::block_conflicts(Groups& together) const {
    for (const auto& [file, list] : edits_) {
        auto sorted = list;
        std::ranges::stable_sort(sorted, {}, position);
        for (std::size_t left = 0; left < sorted.size(); ++left) {
            for (std::size_t right = left + 1; right < sorted.size(); ++right) {
                if (sorted[right].offset > sorted[left].end()) break;
                if (same_text(sorted[left], sorted[right])) {
                    together.unite(sorted[left].group, sorted[right].group);
                } else if (collide(sorted[left], sorted[right])) {
                    together.block(sorted[left].group, "conflict");
                    together.block(sorted[right].group, "conflict");
                }
            }
        }
    }
}

std::vector<Edit> EditSet::accepted(const std::string& file, const Groups& together) const {
    std::vector<Edit> result;
    const auto found = edits_.find(file);
    if (found == edits_.end()) return result;
    std::set<Edit> taken;
    for (const Edit& each : found->second) {
        if (!together.why_blocked(each.group).empty()) continue;
        Edit text = each;
        text.group = text.order = 0;
        if (taken.insert(text).second) result.push_back(each);
    }
    std::ranges::stable_sort(result, {}, position);
    return result;
}

std::vector<std::string> EditSet::files() const {
    std::vector<std::string> names;
    for (const auto& [file, list] : edits_) names.push_back(file);
    return names;
}

AppliedText apply_edits(const std::string& original, const std::vector<Edit>& edits) {
    AppliedText result;
    render(original, edits, 0, static_cast<unsigned>(original.size()), 0, result);
    return result;
}

}  // namespace migrate
