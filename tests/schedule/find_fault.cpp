// SPDX-License-Identifier: Apache-2.0
// Usage: PROGRAM GROUP. Exit status 0 where the checker finds a fault in a group of scenarios: for what is broken.
#include <cstdio>
#include <string>

#include "groups.hpp"

int main(int count, char** arguments) {
    for (const schedule::Group& group : schedule::groups()) {
        if (count != 2 || group.name != arguments[1]) continue;
        const schedule::Outcome outcome = explore(group);
        std::printf("%ld interleavings: %s\n", outcome.executions,
                    outcome.fault.empty() ? "no fault is found" : outcome.fault.c_str());
        return outcome.fault.empty() ? 1 : 0;
    }
    std::fprintf(stderr, "usage: %s GROUP\n", arguments[0]);
    return 2;
}
