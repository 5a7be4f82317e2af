// Parses every affected unit again, edited and as C++20, before anything is written. A group of edits that breaks a
// unit is taken back alone.
#pragma once

#include <string>
#include <vector>

#include "compile_command.hpp"
#include "plan.hpp"

namespace migrate {

struct verification {
    plan settled;
    bool passed = true;  // false: some unit still fails, and no group could be blamed
    unsigned groups_taken_back = 0;
    std::vector<std::string> messages;  // one a failure, with its place
};

verification verify(const std::vector<unit_command>& units, facts& found, const options& asked);

}  // namespace migrate
