// SPDX-License-Identifier: Apache-2.0
#include "edits/line_change.hpp"

#include <algorithm>

#include "text/source_text.hpp"

namespace migrate {
namespace {

bool is_line_break(char character) { return character == '\n' || character == '\r'; }

// Where the line break begins behind the line of `offset`.
unsigned text_end(std::string_view text, unsigned offset) {
    const unsigned begin = line_begin(text, offset);
    unsigned end = line_end(text, offset);
    while (end > begin && is_line_break(text[end - 1])) --end;
    return end;
}

bool is_insertion(const AppliedEdit& each) { return each.old_offset == each.old_end; }

bool carries(const AppliedEdit& outer, const AppliedEdit& inner) {
    const bool inside = inner.new_offset >= outer.new_offset && inner.new_end <= outer.new_end;
    // What was taken right before it has left nothing there.
    return inside && (inner.new_offset > outer.new_offset || inner.old_end > outer.old_offset);
}

}  // namespace

std::vector<AppliedEdit> outer_edits(const AppliedText& applied) {
    std::vector<AppliedEdit> outer;
    for (auto each = applied.edits.rbegin(); each != applied.edits.rend(); ++each) {
        if (outer.empty() || !carries(outer.back(), *each)) outer.push_back(*each);
    }
    std::ranges::reverse(outer);
    return outer;
}

unsigned new_offset(const std::vector<AppliedEdit>& outer, unsigned old) {
    const auto next = std::ranges::upper_bound(outer, old, {}, &AppliedEdit::old_offset);
    if (next == outer.begin()) return old;
    const AppliedEdit& last = *(next - 1);
    return old >= last.old_end ? last.new_end + (old - last.old_end) : last.new_offset;
}

LineChange change_of_line(std::string_view before, std::string_view after, const std::vector<AppliedEdit>& outer,
                          unsigned offset) {
    unsigned begin = line_begin(before, offset);
    unsigned end = text_end(before, offset);
    auto first = std::ranges::lower_bound(outer, begin, {}, &AppliedEdit::old_offset);
    auto next = first;
    const auto reaches_in = [&](const AppliedEdit& each) {
        return each.old_end > begin || (each.old_end == begin && is_insertion(each));
    };
    while (true) {
        if (first != outer.begin() && reaches_in(*(first - 1))) {
            begin = std::min(begin, line_begin(before, (--first)->old_offset));
        } else if (next != outer.end() && next->old_offset <= end) {
            // One that takes a line with its line break has nothing to do with the next line.
            if (next->old_end > end) end = text_end(before, std::max(next->old_end - 1, end));
            ++next;
        } else {
            break;
        }
    }
    if (first == next) return {begin, before.substr(begin, end - begin), before.substr(begin, end - begin), {}, {}};
    const AppliedEdit& last = *(next - 1);
    const unsigned new_begin = first->new_offset - (first->old_offset - begin);
    unsigned new_end = last.old_end > end ? last.new_end : last.new_end + (end - last.old_end);
    while (new_end > new_begin && is_line_break(after[new_end - 1])) --new_end;
    LineChange change{begin, before.substr(begin, end - begin), after.substr(new_begin, new_end - new_begin), {}, {}};
    for (; first != next; ++first) {
        change.taken.push_back({std::min(first->old_offset, end) - begin, std::min(first->old_end, end) - begin});
        change.put.push_back(
            {std::min(first->new_offset, new_end) - new_begin, std::min(first->new_end, new_end) - new_begin});
    }
    return change;
}

}  // namespace migrate
