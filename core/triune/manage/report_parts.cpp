// SPDX-License-Identifier: Apache-2.0
#include <triune/manage/report_parts.hpp>

#include <algorithm>

namespace triune {
namespace {

std::string_view without_spaces(std::string_view text) noexcept {
    constexpr std::string_view spaces = " \t";
    text.remove_prefix(std::min(text.find_first_not_of(spaces), text.size()));
    return text.substr(0, text.find_last_not_of(spaces) + 1);
}

std::string in_lower_case(std::string_view text) {
    std::string lower(text);
    for (char& letter : lower) {
        if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
    }
    return lower;
}

}  // namespace

ReportParts ReportParts::parse(std::string_view text, std::vector<std::string>& unknown) {
    ReportParts parts;
    while (!text.empty()) {
        const std::size_t comma = std::min(text.find(','), text.size());
        const std::string_view written = without_spaces(text.substr(0, comma));
        text.remove_prefix(std::min(comma + 1, text.size()));
        const std::string word = in_lower_case(written);
        const bool all = word == "all";
        if (all || word == "leaks") parts.leaks = true;
        if (all || word == "peak") parts.peak = true;
        if (all || word == "table") parts.table = true;
        if (!all && word != "leaks" && word != "peak" && word != "table" && !word.empty())
            unknown.emplace_back(written);
    }
    return parts;
}

}  // namespace triune
