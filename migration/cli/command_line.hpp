// SPDX-License-Identifier: Apache-2.0
// The arguments, and the answers that need no run: lists and explanations.
#pragma once

#include <string>
#include <vector>

#include "project/options.hpp"

namespace migrate {

struct Command {
    Options asked;
    bool finished = false;  // answered already, or wrong; `status` is the exit status
    int status = 0;
};

Command read_command_line(const std::vector<std::string>& arguments, const std::string& executable);

}  // namespace migrate
