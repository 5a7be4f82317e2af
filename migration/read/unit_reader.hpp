// SPDX-License-Identifier: Apache-2.0
// Reads all units of a run, several at once, and brings what they say together.
#pragma once

#include <string>
#include <vector>

#include "facts/facts.hpp"
#include "facts/parse_error.hpp"
#include "project/unit_list.hpp"

namespace migrate {

struct read_unit {
    enum class state { parsed, partly, skipped, failed };

    const listed_unit* listed = nullptr;
    state ended = state::skipped;
    std::vector<parse_error> errors;
    std::string why;  // of partly and failed, with its place

    bool readable() const { return ended == state::parsed || ended == state::partly; }
};

// In the order of the list. A unit that sees no legacy header or name is skipped, unless `all` asks for it. Where its
// text leaves that open, the preprocessor says.
std::vector<read_unit> read_units(const unit_list& list, facts& found, const options& asked, bool all = false);

}  // namespace migrate
