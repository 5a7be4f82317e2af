// SPDX-License-Identifier: Apache-2.0
// Small questions about raw source bytes that the syntax tree does not answer.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace migrate {

bool is_identifier_character(char character);

struct WrittenScope {
    unsigned begin = 0;              // where the qualifier starts; the name itself where there is none
    std::vector<std::string> names;  // a::b:: gives {a, b}
    bool global = false;             // starts with ::
};

// The qualifier that stands before the name at `offset`.
WrittenScope scope_before(std::string_view text, unsigned offset);

unsigned identifier_end(std::string_view text, unsigned offset);
unsigned skip_spaces(std::string_view text, unsigned offset);
// The last byte before `offset` that is no space or line end; text.size() where there is none.
unsigned previous_character(std::string_view text, unsigned offset);

// The name of a header whose quote, of either kind, is at `offset`; empty where none stands there, or no second quote
// on that line.
std::string_view quoted_header(std::string_view text, std::size_t offset);

unsigned line_begin(std::string_view text, unsigned offset);
// One past the line's end, its line break included.
unsigned line_end(std::string_view text, unsigned offset);
// Whether nothing but spaces stands on the line that begins at `begin`.
bool is_empty_line(std::string_view text, unsigned begin);

struct LineColumn {
    unsigned line, column;  // from 1; columns in bytes
};
LineColumn line_of(std::string_view text, unsigned offset);

// The range widened to whole lines where nothing else stands on them: what to remove with a declaration.
std::pair<unsigned, unsigned> whole_lines(std::string_view text, unsigned begin, unsigned end);

}  // namespace migrate
