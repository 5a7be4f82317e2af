// Runs Clang over one unit: once to collect facts, once more over the edited text.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "compile_command.hpp"
#include "facts.hpp"
#include "options.hpp"

namespace migrate {

struct parse_error {
    std::string file;  // real path, empty where the error has no place
    unsigned offset = 0;
    std::string message;
};

// Real path -> the bytes to see in its place.
using edited_files = std::map<std::string, std::string>;

// Parses the unit and adds what it says to the facts; the facts are untouched where there are errors.
std::vector<parse_error> collect(const unit_command& unit, facts& found, const options& asked);

std::vector<parse_error> check(const unit_command& unit, const edited_files& edited);

}  // namespace migrate
