// SPDX-License-Identifier: Apache-2.0
// The accounting: how many sites, where each stands, and the files that tell it.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "facts/facts.hpp"
#include "plan/plan.hpp"
#include "project/options.hpp"
#include "text/shown_path.hpp"

namespace migrate {

struct UnitCounts {
    unsigned parsed = 0, skipped = 0, failed = 0;
};

struct SiteTotals {
    unsigned sites = 0, migrated = 0, blocked = 0, unseen = 0;
};

SiteTotals count(const Facts& found);
std::string_view name_of(SiteState state);

// A site as a report shows it. The views are of the facts.
struct SiteRow {
    const Site* about;
    std::string file;  // as people write it
    unsigned line;
    unsigned column;  // from 1, in bytes
    std::string_view source_line;
};
std::vector<SiteRow> rows(const Facts& found);

// What every report is made of.
struct Account {
    const Facts& found;
    const UnitCounts& units;
    SiteTotals totals;
    std::vector<SiteRow> sites;
    const Plan& settled;  // what files become, or have become
    bool fixed;           // the migrated sites are gone from the files
    std::string history;  // the file of earlier totals, or empty
    std::string project;  // its name
    std::string time;     // as run_time() has it
};

// Everything that --history and --report ask for. False, and said why, where a file could not be written.
bool write_reports(const Options& asked, const Facts& found, const Plan& settled, const UnitCounts& units);

}  // namespace migrate
