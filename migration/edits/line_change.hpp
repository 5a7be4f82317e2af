// SPDX-License-Identifier: Apache-2.0
// What the edits of a file have made of one of its lines.
#pragma once

#include <string_view>
#include <vector>

#include "edits/edit_set.hpp"

namespace migrate {

// The edits that no other one carries along: apart from each other and in order, before as after.
std::vector<AppliedEdit> outer_edits(const AppliedText& applied);

// Where the text at `old` stands now. `outer` as outer_edits gives them, here and below.
unsigned new_offset(const std::vector<AppliedEdit>& outer, unsigned old);

struct TextPart {
    unsigned begin, end;
};

struct LineChange {
    unsigned old_begin = 0;  // of `before` in its file
    // Whole lines without the last line break: one, or as many as the edits of that one reach over.
    std::string_view before;
    std::string_view after;
    std::vector<TextPart> taken;  // of `before`
    std::vector<TextPart> put;    // of `after`
    bool changed() const { return before != after; }
};

// Of the line in which `offset` lies. The texts must outlive the result.
LineChange change_of_line(std::string_view before, std::string_view after, const std::vector<AppliedEdit>& outer,
                          unsigned offset);

}  // namespace migrate
