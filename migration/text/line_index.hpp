// SPDX-License-Identifier: Apache-2.0
// Where the lines of a text begin, so that many offsets can be turned into lines without reading the text again.
#pragma once

#include <string_view>
#include <vector>

#include "text/source_text.hpp"

namespace migrate {

class LineIndex {
  public:
    explicit LineIndex(std::string_view text);

    LineColumn at(unsigned offset) const;
    // Without its line break.
    std::string_view line(unsigned number) const;

  private:
    std::string_view text_;
    std::vector<unsigned> begins_;
};

}  // namespace migrate
