// SPDX-License-Identifier: Apache-2.0
// Names that differ by a few mistakes of typing.
#pragma once

#include <cstddef>
#include <string_view>

namespace triune {

// So many mistakes may lie between a name of `size` characters and what was meant: one in three.
constexpr std::size_t forgiven_mistakes(std::size_t size) noexcept { return size / 3; }

// Mistakes that make `wrong` of `right`: characters left out, added, changed or swapped with the next, each of which
// counts one; upper and lower case are the same (Damerau and Levenshtein, with each place mended once). `at_most` + 1
// where they are more. Takes time by the product of the sizes. Throws std::bad_alloc.
std::size_t mistakes(std::string_view wrong, std::string_view right, std::size_t at_most);

}  // namespace triune
