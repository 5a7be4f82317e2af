// SPDX-License-Identifier: Apache-2.0
// Another program's answer.
#pragma once

#include <string>
#include <vector>

namespace triune {

// What the program called `command[0]`, looked up in PATH, writes to its standard output; empty where it cannot be
// started or fails. No shell reads the arguments, and no fork handler of this process runs. Waits for the program, so
// not to be called under a lock. Throws std::bad_alloc.
std::string program_output(const std::vector<std::string>& command);

}  // namespace triune
