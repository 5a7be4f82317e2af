// SPDX-License-Identifier: Apache-2.0
// What a run says to people, on stderr.
#pragma once

#include "apply/verify.hpp"
#include "read/unit_reader.hpp"
#include "report/report.hpp"

namespace migrate {

std::string summary(const facts& found, const unit_counts& counts, const std::vector<read_unit>& units,
                    const verification& checked, const options& asked);

}  // namespace migrate
