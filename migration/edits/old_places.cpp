// SPDX-License-Identifier: Apache-2.0
#include "edits/old_places.hpp"

#include <algorithm>

namespace migrate {
namespace {

// Edits of text that is carried along stand in front of the edit that carries it.
bool is_carried(const AppliedText& applied, std::size_t at) {
    const AppliedEdit& inner = applied.edits[at];
    for (std::size_t outer = at + 1; outer < applied.edits.size(); ++outer) {
        const AppliedEdit& each = applied.edits[outer];
        if (each.new_offset > inner.new_offset) return false;
        if (each.new_end >= inner.new_end) return true;
    }
    return false;
}

}  // namespace

std::optional<unsigned> old_offset(const AppliedText& applied, unsigned offset) {
    unsigned old = offset;
    for (std::size_t at = 0; at < applied.edits.size(); ++at) {
        const AppliedEdit& each = applied.edits[at];
        if (each.new_offset > offset || is_carried(applied, at)) continue;
        if (offset >= each.new_end) {
            old = each.old_end + (offset - each.new_end);
        } else if (each.old_end == each.old_offset) {
            return std::nullopt;
        } else {
            return each.old_offset;
        }
    }
    return old;
}

unsigned settled_offset(const AppliedText& applied, unsigned offset) {
    unsigned settled = offset;
    for (const AppliedEdit& each : applied.edits) {
        if (offset > each.old_offset && offset < each.old_end) settled = std::min(settled, each.old_offset);
    }
    return settled;
}

}  // namespace migrate
