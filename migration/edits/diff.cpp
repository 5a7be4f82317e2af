// SPDX-License-Identifier: Apache-2.0
#include "edits/diff.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

#include "text/line_index.hpp"

namespace migrate {
namespace {

constexpr std::size_t context_lines = 3;

std::vector<std::string_view> lines_of(std::string_view text) {
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        const auto end = text.find('\n');
        const auto length = end == std::string_view::npos ? text.size() : end + 1;
        lines.push_back(text.substr(0, length));
        text.remove_prefix(length);
    }
    return lines;
}

// Lines [before_begin, before_end) have become [after_begin, after_end).
struct Change {
    std::size_t before_begin, before_end, after_begin, after_end;
};

// The edits are known, so the changed lines are too; lines that came out equal are trimmed off.
std::vector<Change> changes_of(const std::string& before, const AppliedText& after,
                               const std::vector<std::string_view>& old_lines,
                               const std::vector<std::string_view>& new_lines) {
    std::vector<Change> changes;
    const LineIndex old_index(before);
    const LineIndex new_index(after.text);
    for (const AppliedEdit& each : after.edits) {
        Change next{old_index.at(each.old_offset).line - 1, old_index.at(each.old_end).line,
                    new_index.at(each.new_offset).line - 1, new_index.at(each.new_end).line};
        next.before_end = std::min(next.before_end, old_lines.size());
        next.after_end = std::min(next.after_end, new_lines.size());
        if (!changes.empty() &&
            (next.before_begin < changes.back().before_end || next.after_begin < changes.back().after_end)) {
            changes.back().before_end = std::max(changes.back().before_end, next.before_end);
            changes.back().after_end = std::max(changes.back().after_end, next.after_end);
        } else {
            changes.push_back(next);
        }
    }
    for (Change& each : changes) {
        while (each.before_begin < each.before_end && each.after_begin < each.after_end &&
               old_lines[each.before_end - 1] == new_lines[each.after_end - 1]) {
            --each.before_end;
            --each.after_end;
        }
        while (each.before_begin < each.before_end && each.after_begin < each.after_end &&
               old_lines[each.before_begin] == new_lines[each.after_begin]) {
            ++each.before_begin;
            ++each.after_begin;
        }
    }
    std::erase_if(changes, [](const Change& each) {
        return each.before_begin == each.before_end && each.after_begin == each.after_end;
    });
    return changes;
}

void put_line(std::string& diff, char mark, std::string_view line) {
    diff += mark;
    diff += line;
    if (line.empty() || line.back() != '\n') diff += "\n\\ No newline at end of file\n";
}

std::string range_text(std::size_t begin, std::size_t count) {
    // An empty range names the line before it.
    return std::to_string(count == 0 ? begin : begin + 1) + (count == 1 ? "" : "," + std::to_string(count));
}

}  // namespace

std::string unified_diff(const std::string& name, const std::string& before, const AppliedText& after) {
    const auto old_lines = lines_of(before);
    const auto new_lines = lines_of(after.text);
    const auto changes = changes_of(before, after, old_lines, new_lines);
    std::string diff = "--- a/" + name + "\n+++ b/" + name + "\n";
    for (std::size_t first = 0; first < changes.size();) {
        std::size_t last = first;
        while (last + 1 < changes.size() &&
               changes[last + 1].before_begin <= changes[last].before_end + 2 * context_lines) {
            ++last;
        }
        const std::size_t lead = std::min(context_lines, changes[first].before_begin);
        const std::size_t old_begin = changes[first].before_begin - lead;
        const std::size_t new_begin = changes[first].after_begin - lead;
        const std::size_t old_end = std::min(changes[last].before_end + context_lines, old_lines.size());
        const std::size_t new_end = changes[last].after_end + (old_end - changes[last].before_end);
        diff += "@@ -" + range_text(old_begin, old_end - old_begin) + " +" +
                range_text(new_begin, new_end - new_begin) + " @@\n";
        std::size_t at = old_begin;
        for (std::size_t each = first; each <= last; ++each) {
            for (; at < changes[each].before_begin; ++at) put_line(diff, ' ', old_lines[at]);
            for (; at < changes[each].before_end; ++at) put_line(diff, '-', old_lines[at]);
            for (std::size_t added = changes[each].after_begin; added < changes[each].after_end; ++added) {
                put_line(diff, '+', new_lines[added]);
            }
        }
        for (; at < old_end; ++at) put_line(diff, ' ', old_lines[at]);
        first = last + 1;
    }
    return diff;
}

}  // namespace migrate
