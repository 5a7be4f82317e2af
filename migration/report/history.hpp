// SPDX-License-Identifier: Apache-2.0
// Totals of earlier runs, one JSON object a line, so that a tree's way to zero can be drawn.
#pragma once

#include <string>
#include <vector>

#include "report/report.hpp"

namespace migrate {

struct PastRun {
    std::string time;   // UTC, ISO 8601
    unsigned left = 0;  // sites in the tree after the run
    unsigned blocked = 0;
    unsigned unseen = 0;
};

// Adds this run at the end.
bool append_history(const std::string& path, const Account& told);

// Lines that are no such objects are skipped; no file is no run.
std::vector<PastRun> read_history(const std::string& path);

}  // namespace migrate
