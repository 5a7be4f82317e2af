// SPDX-License-Identifier: Apache-2.0
// Compares what a unit's text resolved to before its edits and after.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "edits/edit_set.hpp"
#include "facts/meaning.hpp"
#include "facts/parse_error.hpp"

namespace migrate {

// Real path -> the text to see in its place, with the edits that made it.
using EditedFiles = std::map<std::string, AppliedText>;

// One a place, with what was meant and what would be, in the edited text's places.
std::vector<ParseError> other_meanings(const std::vector<Meaning>& before, const std::vector<Meaning>& after);

// As `before` stands where its places lie in text that the edits replace.
std::vector<Meaning> settled(std::vector<Meaning> before, const EditedFiles& edited);

}  // namespace migrate
