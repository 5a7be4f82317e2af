// SPDX-License-Identifier: Apache-2.0
#include "plan/choices.hpp"

#include <algorithm>

#include "text/source_text.hpp"

namespace migrate {
namespace {

constexpr std::string_view marker = "triune-migrate: keep";

using Ranges = std::vector<std::pair<unsigned, unsigned>>;

// Whether the words behind the marker, on its line, are this one and no other.
bool says(const std::string& text, std::size_t behind, std::string_view word) {
    const std::size_t begin = text.find_first_not_of(" \t", behind);
    return begin != std::string::npos && text.compare(begin, word.size(), word) == 0;
}

Ranges kept_ranges(const std::string& text) {
    Ranges result;
    std::size_t open = std::string::npos;
    for (std::size_t at = text.find(marker); at != std::string::npos; at = text.find(marker, at + 1)) {
        const auto here = static_cast<unsigned>(at);
        const unsigned begin = line_begin(text, here);
        const unsigned end = line_end(text, here);
        const std::size_t comment = std::min(text.find("//", begin), text.find("/*", begin));
        if (comment > at) continue;
        if (says(text, at + marker.size(), "begin")) {
            if (open == std::string::npos) open = begin;
        } else if (says(text, at + marker.size(), "end")) {
            if (open != std::string::npos) result.emplace_back(static_cast<unsigned>(open), end);
            open = std::string::npos;
        } else {
            const bool alone = text.find_first_not_of(" \t", begin) == comment;
            result.emplace_back(begin, alone && end < text.size() ? line_end(text, end) : end);
        }
    }
    // One that nobody ends holds to the end of the file.
    if (open != std::string::npos) result.emplace_back(static_cast<unsigned>(open), static_cast<unsigned>(text.size()));
    return result;
}

bool is_chosen(const Site& each, const Options& asked) {
    if (asked.rules.empty() && asked.modules.empty()) return true;
    return std::ranges::find(asked.rules, each.rule_id) != asked.rules.end() ||
           std::ranges::find(asked.modules, each.module) != asked.modules.end();
}

}  // namespace

void leave_by_choice(Facts& found, const Options& asked) {
    std::string file;
    Ranges kept;
    for (const auto& [at, each] : found.sites) {
        if (at.file != file) {
            file = at.file;
            kept = kept_ranges(found.files.at(file).content);
        }
        const bool stays = std::ranges::any_of(
            kept, [&](const auto& range) { return range.first <= at.offset && at.offset < range.second; });
        if (each.state == SiteState::unseen) continue;
        if (stays) found.leave(each.group, "kept", at);
        const LegacyName name = find_legacy_name(each.symbol);
        const bool changes = name && name.spelled->kind != EditKind::keep;
        if (changes && found.files.at(file).stringized.contains(at.offset)) found.leave(each.group, "stringized", at);
        if (!is_chosen(each, asked)) found.leave(each.group, "not-chosen", at);
    }
}

}  // namespace migrate
