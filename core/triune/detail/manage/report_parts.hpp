// SPDX-License-Identifier: Apache-2.0
// What TRIUNE_REPORT asks for.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace triune {

struct ReportParts {
    bool leaks = false;
    bool peak = false;
    bool table = false;

    bool any() const noexcept { return leaks || peak || table; }

    // Of words with commas between them, in any case, spaces around them left out: leaks, peak, table, and all. What is
    // none of them goes to `unknown`.
    static ReportParts parse(std::string_view text, std::vector<std::string>& unknown);
};

}  // namespace triune
