// SPDX-License-Identifier: Apache-2.0
// Text as HTML: whatever a source, a path or a message holds, it is shown and means nothing to the page.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "edits/line_change.hpp"

namespace migrate {

std::string escaped(std::string_view text);

// A part that stands in an element of its own, such as `mark`.
struct MarkedPart {
    TextPart part;
    std::string_view element;
};

// Escaped. Of a text that is very long, as generated ones are, what stands around the first part.
std::string marked(std::string_view text, const std::vector<MarkedPart>& parts);

}  // namespace migrate
