// SPDX-License-Identifier: Apache-2.0
// Where something stands: a real path and a byte offset.
#pragma once

#include <compare>
#include <string>

namespace migrate {

struct place {
    std::string file;
    unsigned offset = 0;
    auto operator<=>(const place&) const = default;
};

}  // namespace migrate
