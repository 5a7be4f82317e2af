// SPDX-License-Identifier: Apache-2.0
// What is explored of each class, and how far.
#pragma once

#include <string>
#include <vector>

#include "explorer.hpp"

namespace schedule {

struct Run {
    std::string name;
    Scenario scenario;
    Bounds bounds;
    Variant variant{};
};

struct Group {
    std::string name;
    std::vector<Run> runs;
};

// `further` goes beyond what fits into half a minute.
std::vector<Group> groups(bool further = false);

// Of the first run with a fault; else of all runs together.
Outcome explore(const Group& group, Place weakened = {}, int weakened_to = 0);

}  // namespace schedule
