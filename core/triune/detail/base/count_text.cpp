// SPDX-License-Identifier: Apache-2.0
#include <triune/detail/base/count_text.hpp>

#include <limits>

namespace triune {

std::string count_text(std::size_t count) {
    const std::string text = std::to_string(count);
    if (count <= std::numeric_limits<std::size_t>::max() / 2) return text;
    return "-" + std::to_string(0 - count) + " (as std::size_t " + text + ")";
}

}  // namespace triune
