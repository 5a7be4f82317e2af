// SPDX-License-Identifier: Apache-2.0
#include "text/line_index.hpp"

#include <algorithm>

namespace migrate {

LineIndex::LineIndex(std::string_view text) : text_(text), begins_{0} {
    for (std::size_t at = text.find('\n'); at != std::string_view::npos; at = text.find('\n', at + 1)) {
        begins_.push_back(static_cast<unsigned>(at) + 1);
    }
}

LineColumn LineIndex::at(unsigned offset) const {
    const auto next = std::ranges::upper_bound(begins_, offset);
    return {static_cast<unsigned>(next - begins_.begin()), offset - *(next - 1) + 1};
}

std::string_view LineIndex::line(unsigned number) const {
    const unsigned begin = begins_[number - 1];
    unsigned end = line_end(text_, begin);
    while (end > begin && (text_[end - 1] == '\n' || text_[end - 1] == '\r')) --end;
    return text_.substr(begin, end - begin);
}

}  // namespace migrate
