// The accounting, as JSON and as a summary for people.
#pragma once

#include <string>

#include "facts.hpp"

namespace migrate {

struct unit_counts {
    unsigned parsed = 0, skipped = 0, failed = 0;
};

struct site_totals {
    unsigned sites = 0, migrated = 0, blocked = 0, unseen = 0;
};

site_totals count(const facts& found);
std::string report_json(const facts& found, const unit_counts& units);

// A path as people write it: relative where it lies under the current directory.
std::string shown_path(const std::string& real);

}  // namespace migrate
