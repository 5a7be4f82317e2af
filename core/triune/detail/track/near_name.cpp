// SPDX-License-Identifier: Apache-2.0
#include <triune/detail/track/near_name.hpp>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace triune {
namespace {

char lower(char character) noexcept {
    return character >= 'A' && character <= 'Z' ? static_cast<char>(character - 'A' + 'a') : character;
}

std::size_t size_difference(std::string_view a, std::string_view b) noexcept {
    return a.size() > b.size() ? a.size() - b.size() : b.size() - a.size();
}

}  // namespace

// A row for each character of `wrong`: what its first characters cost against each beginning of `right`.
std::size_t mistakes(std::string_view wrong, std::string_view right, std::size_t at_most) {
    const std::size_t too_many = at_most + 1;
    if (size_difference(wrong, right) > at_most) return too_many;

    std::array<std::vector<std::size_t>, 3> rows;
    for (auto& row : rows) row.resize(right.size() + 1);
    auto& [before, last, now] = rows;
    for (std::size_t j = 0; j <= right.size(); ++j) last[j] = j;
    for (std::size_t i = 1; i <= wrong.size(); ++i) {
        now[0] = i;
        for (std::size_t j = 1; j <= right.size(); ++j) {
            const char a = lower(wrong[i - 1]);
            const char b = lower(right[j - 1]);
            now[j] = std::min({last[j] + 1, now[j - 1] + 1, last[j - 1] + (a == b ? 0 : 1)});
            const bool swapped = i > 1 && j > 1 && a == lower(right[j - 2]) && lower(wrong[i - 2]) == b;
            if (swapped) now[j] = std::min(now[j], before[j - 2] + 1);
        }
        if (*std::min_element(now.begin(), now.end()) > at_most) return too_many;
        before.swap(last);
        last.swap(now);
    }
    return std::min(last.back(), too_many);
}

}  // namespace triune
