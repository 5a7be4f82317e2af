// SPDX-License-Identifier: Apache-2.0
// Reads all units of a run, several at once, and brings what they say together.
#pragma once

#include <string>
#include <vector>

#include "facts/facts.hpp"
#include "facts/parse_error.hpp"
#include "project/unit_list.hpp"

namespace migrate {

struct ReadUnit {
    enum class State { parsed, partly, skipped, failed };

    const ListedUnit* listed = nullptr;
    State ended = State::skipped;
    std::vector<ParseError> errors;
    std::string why;  // of partly and failed, with its place

    bool readable() const { return ended == State::parsed || ended == State::partly; }
};

// In the order of the list. A unit that sees no legacy header or name is skipped, unless `all` asks for it. Where its
// text leaves that open, the preprocessor says.
std::vector<ReadUnit> read_units(const UnitList& list, Facts& found, const Options& asked, bool all = false);

}  // namespace migrate
