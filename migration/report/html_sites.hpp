// SPDX-License-Identifier: Apache-2.0
// Every site of the HTML report: its line before and after, why it stays, and what to do.
#pragma once

#include <string>

#include "report/report.hpp"

namespace migrate {

// The page's name for a site, by its place in Account::sites.
std::string anchor_of(std::size_t site);

std::string state_in_words(SiteState state, bool fixed);

// One <details> a file.
std::string list_sites(const Account& told);

}  // namespace migrate
