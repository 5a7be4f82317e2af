// SPDX-License-Identifier: Apache-2.0
#include "explorer.hpp"

#include "execution.hpp"

namespace schedule {

Outcome explore(const Scenario& scenario, Bounds bounds, Variant variant) {
    return Execution::instance().explore(scenario, bounds, variant);
}

void require(bool holds, const char* what) {
    if (holds) return;
    const InChecker here;
    Execution::instance().fail(what);
}

void keep_quiet(const void* begin, std::size_t bytes) { Execution::instance().keep_quiet(begin, bytes); }

}  // namespace schedule
