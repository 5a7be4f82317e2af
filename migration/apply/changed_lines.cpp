// SPDX-License-Identifier: Apache-2.0
#include "apply/changed_lines.hpp"

#include <clang/Format/Format.h>
#include <llvm/Support/VirtualFileSystem.h>

#include <algorithm>

#include "text/source_text.hpp"

namespace migrate {
namespace {

using clang::tooling::Range;
using clang::tooling::Replacements;

std::vector<Range> changed_ranges(const std::string& before, const AppliedText& after) {
    std::vector<Range> ranges;
    for (const AppliedEdit& each : after.edits) {
        // A line that is gone, or a #include, needs no layout, and its neighbours are none of our business.
        if (each.new_offset == each.new_end && line_begin(before, each.old_offset) == each.old_offset) continue;
        const unsigned begin = line_begin(after.text, each.new_offset);
        const unsigned end =
            line_end(after.text, std::max(each.new_offset, each.new_end - (each.new_end > begin ? 1 : 0)));
        if (after.text[skip_spaces(after.text, begin)] == '#') continue;
        ranges.emplace_back(begin, end - begin);
    }
    return ranges;
}

// The edits of two steps as regions of the first text and of the last.
std::vector<AppliedEdit> composed(const AppliedText& first, const Replacements& second) {
    struct Span {
        unsigned begin, end;  // in the text between
        int old_growth, new_growth;
        Groups::Key group;
    };
    std::vector<Span> spans;
    for (const AppliedEdit& each : first.edits) {
        const int growth =
            static_cast<int>(each.new_end - each.new_offset) - static_cast<int>(each.old_end - each.old_offset);
        spans.push_back({each.new_offset, each.new_end, growth, 0, each.group});
    }
    for (const auto& each : second) {
        const int growth = static_cast<int>(each.getReplacementText().size()) - static_cast<int>(each.getLength());
        spans.push_back({each.getOffset(), each.getOffset() + each.getLength(), 0, growth, -1});
    }
    std::ranges::stable_sort(spans, {}, [](const Span& each) { return std::pair(each.begin, each.end); });
    std::vector<AppliedEdit> result;
    int old_shift = 0;  // what the text between is longer than the first by, so far
    int new_shift = 0;
    for (std::size_t at = 0; at < spans.size();) {
        Span whole = spans[at];
        std::size_t next = at + 1;
        for (; next < spans.size() && spans[next].begin <= whole.end; ++next) {
            whole.end = std::max(whole.end, spans[next].end);
            whole.old_growth += spans[next].old_growth;
            whole.new_growth += spans[next].new_growth;
            whole.group = std::max(whole.group, spans[next].group);
        }
        const auto moved = [](unsigned offset, int by) { return static_cast<unsigned>(static_cast<int>(offset) + by); };
        result.push_back({moved(whole.begin, -old_shift), moved(whole.end, -old_shift - whole.old_growth),
                          moved(whole.begin, new_shift), moved(whole.end, new_shift + whole.new_growth), whole.group});
        old_shift += whole.old_growth;
        new_shift += whole.new_growth;
        at = next;
    }
    return result;
}

}  // namespace

std::string format_changed_lines(Plan& settled, const Facts& found, const std::string& style) {
    if (style == "none") return {};
    for (auto& [path, planned] : settled) {
        const std::string& before = found.files.at(path).content;
        auto wanted = clang::format::getStyle(style, path, "none", planned.result.text);
        if (!wanted) return llvm::toString(wanted.takeError());
        if (wanted->DisableFormat) continue;
        // Layout alone: what changes tokens, or lines that no edit touched, is the project's own affair.
        wanted->SortIncludes = {};
        wanted->SortUsingDeclarations = clang::format::FormatStyle::SUD_Never;
        wanted->FixNamespaceComments = false;
        wanted->InsertBraces = false;
        wanted->RemoveBracesLLVM = false;
        wanted->RemoveSemicolon = false;
        wanted->RemoveParentheses = clang::format::FormatStyle::RPS_Leave;
        wanted->ReflowComments = static_cast<decltype(wanted->ReflowComments)>(0);
        wanted->InsertNewlineAtEOF = false;
        const auto ranges = changed_ranges(before, planned.result);
        if (ranges.empty()) continue;
        clang::format::FormattingAttemptStatus status;
        const Replacements layout = clang::format::reformat(*wanted, planned.result.text, ranges, path, &status);
        if (layout.empty()) continue;
        auto text = clang::tooling::applyAllReplacements(planned.result.text, layout);
        if (!text) {
            llvm::consumeError(text.takeError());
            continue;
        }
        planned.result.edits = composed(planned.result, layout);
        planned.result.text = std::move(*text);
    }
    return {};
}

}  // namespace migrate
