// What the command line asks for.
#pragma once

#include <cstddef>
#include <string>

namespace package_map {

struct Options {
    std::string input;    // a file in dpkg status format; empty: this machine's package database
    std::string capture;  // where to save the package database instead of drawing it
    std::string output = "package_map_output";
    std::size_t nodes = 6000;  // at most
    std::size_t frames = 500;
};

// Throws std::invalid_argument with a text for the user.
Options parse_options(int argc, char** argv);
const char* usage_text();

}  // namespace package_map
