// SPDX-License-Identifier: Apache-2.0
// Where something stands: a real path and a byte offset.
#pragma once

#include <compare>
#include <string>

namespace migrate {

struct Place {
    std::string file;
    unsigned offset = 0;
    auto operator<=>(const Place&) const = default;
};

}  // namespace migrate
