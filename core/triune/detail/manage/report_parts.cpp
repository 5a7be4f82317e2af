// SPDX-License-Identifier: Apache-2.0
#include <triune/detail/manage/report_parts.hpp>

#include <algorithm>

#include <triune/detail/base/environment.hpp>

namespace triune {
namespace {

std::string_view without_spaces(std::string_view text) noexcept {
    constexpr std::string_view spaces = " \t";
    text.remove_prefix(std::min(text.find_first_not_of(spaces), text.size()));
    return text.substr(0, text.find_last_not_of(spaces) + 1);
}

}  // namespace

ReportParts ReportParts::parse(std::string_view text, std::vector<std::string>& unknown) {
    ReportParts parts;
    while (!text.empty()) {
        const std::size_t comma = std::min(text.find(','), text.size());
        const std::string_view written = without_spaces(text.substr(0, comma));
        text.remove_prefix(std::min(comma + 1, text.size()));
        if (written.empty()) continue;
        bool known = false;
        const auto takes = [&](std::string_view word, bool& part) {
            if (!environment::same_word(written, word) && !environment::same_word(written, "all")) return;
            part = known = true;
        };
        takes("leaks", parts.leaks);
        takes("peak", parts.peak);
        takes("table", parts.table);
        if (!known) unknown.emplace_back(written);
    }
    return parts;
}

}  // namespace triune
