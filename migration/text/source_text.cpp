// SPDX-License-Identifier: Apache-2.0
#include "text/source_text.hpp"

#include <algorithm>
#include <array>

namespace migrate {
namespace {

bool is_space(char character) {
    return character == ' ' || character == '\t' || character == '\n' || character == '\r';
}

unsigned size_of(std::string_view text) { return static_cast<unsigned>(text.size()); }

// Words that stand before a name which begins with `::`, as in `const ::utils::Stream&`: no scopes themselves.
bool may_precede_a_name(std::string_view word) {
    constexpr auto words = std::to_array<std::string_view>(
        {"and",       "auto",   "case",     "class",    "co_await", "co_return", "co_yield",  "const",   "constexpr",
         "constinit", "delete", "do",       "else",     "explicit", "extern",    "friend",    "inline",  "mutable",
         "namespace", "new",    "not",      "operator", "or",       "private",   "protected", "public",  "return",
         "static",    "struct", "template", "throw",    "typedef",  "typename",  "using",     "virtual", "volatile"});
    return std::ranges::find(words, word) != words.end();
}

}  // namespace

bool is_identifier_character(char character) {
    return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z') ||
           (character >= '0' && character <= '9') || character == '_';
}

unsigned previous_character(std::string_view text, unsigned offset) {
    while (offset > 0) {
        --offset;
        if (!is_space(text[offset])) return offset;
    }
    return size_of(text);
}

WrittenScope scope_before(std::string_view text, unsigned offset) {
    WrittenScope scope{offset, {}, false};
    while (true) {
        const unsigned colon = previous_character(text, scope.begin);
        if (colon == size_of(text) || colon == 0 || text[colon] != ':' || text[colon - 1] != ':') break;
        const unsigned last = previous_character(text, colon - 1);
        if (last == size_of(text) || !is_identifier_character(text[last])) {
            // `T<x>::name` is no namespace; anything else before `::` makes it the global one.
            scope.global = last == size_of(text) || text[last] != '>';
            if (scope.global) scope.begin = colon - 1;
            if (!scope.global) scope.names.insert(scope.names.begin(), ">");
            break;
        }
        unsigned first = last;
        while (first > 0 && is_identifier_character(text[first - 1])) --first;
        if (may_precede_a_name(text.substr(first, last - first + 1))) {
            scope.global = true;
            scope.begin = colon - 1;
            break;
        }
        scope.names.insert(scope.names.begin(), std::string(text.substr(first, last - first + 1)));
        scope.begin = first;
    }
    return scope;
}

unsigned identifier_end(std::string_view text, unsigned offset) {
    while (offset < size_of(text) && is_identifier_character(text[offset])) ++offset;
    return offset;
}

unsigned skip_spaces(std::string_view text, unsigned offset) {
    while (offset < size_of(text) && is_space(text[offset])) ++offset;
    return offset;
}

std::string_view quoted_header(std::string_view text, std::size_t offset) {
    if (offset >= text.size() || (text[offset] != '"' && text[offset] != '<')) return {};
    const char closing = text[offset] == '"' ? '"' : '>';
    const std::size_t end = text.find_first_of(std::string{closing, '\n'}, offset + 1);
    return end == std::string_view::npos || text[end] == '\n' ? std::string_view()
                                                              : text.substr(offset + 1, end - offset - 1);
}

unsigned line_begin(std::string_view text, unsigned offset) {
    while (offset > 0 && text[offset - 1] != '\n') --offset;
    return offset;
}

unsigned line_end(std::string_view text, unsigned offset) {
    const auto found = text.find('\n', offset);
    return found == std::string_view::npos ? size_of(text) : static_cast<unsigned>(found) + 1;
}

bool is_empty_line(std::string_view text, unsigned begin) {
    return std::all_of(text.begin() + begin, text.begin() + line_end(text, begin), is_space);
}

LineColumn line_of(std::string_view text, unsigned offset) {
    const auto lines = std::count(text.begin(), text.begin() + offset, '\n');
    return {static_cast<unsigned>(lines) + 1, offset - line_begin(text, offset) + 1};
}

std::pair<unsigned, unsigned> whole_lines(std::string_view text, unsigned begin, unsigned end) {
    const unsigned first = line_begin(text, begin);
    const unsigned last = line_end(text, end);
    const auto blank = [&](unsigned from, unsigned to) {
        return std::all_of(text.begin() + from, text.begin() + to, is_space);
    };
    if (!blank(first, begin) || !blank(end, last)) return {begin, end};
    // Between two empty lines, one of them goes too.
    const bool after_gap = first == 0 || (first >= 1 && blank(line_begin(text, first - 1), first));
    const unsigned next = line_end(text, last);
    if (after_gap && last < text.size() && blank(last, next)) return {first, next};
    return {first, last};
}

}  // namespace migrate
