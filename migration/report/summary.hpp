// SPDX-License-Identifier: Apache-2.0
// What a run says to people, on stderr.
#pragma once

#include "apply/verify.hpp"
#include "read/unit_reader.hpp"
#include "report/report.hpp"

namespace migrate {

std::string summary(const Facts& found, const UnitCounts& counts, const std::vector<ReadUnit>& units,
                    const Verification& checked, const Options& asked);

}  // namespace migrate
