// SPDX-License-Identifier: Apache-2.0
// Parses every affected unit again, edited and as C++20, before anything is written. A group of edits that breaks a
// unit is taken back alone.
#pragma once

#include <string>
#include <vector>

#include "plan/plan.hpp"
#include "read/unit_reader.hpp"

namespace migrate {

struct Verification {
    Plan settled;
    bool passed = true;  // false: some unit still fails, and no group could be blamed
    unsigned groups_taken_back = 0;
    std::vector<std::string> messages;        // one a failure, with its place
    std::vector<std::string> not_cpp20 = {};  // units whose own code, unedited, is no C++20, with the first error
};

Verification verify(const std::vector<ReadUnit>& units, Facts& found, const Options& asked);

}  // namespace migrate
