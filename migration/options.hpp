// What the command line asked for.
#pragma once

#include <string>
#include <vector>

namespace migrate {

struct options {
    std::string build_directory;
    std::vector<std::string> files;
    std::vector<std::string> extra_arguments;
    std::string report;
    std::string exclude;  // regular expressions over real paths
    std::string header_filter;
    std::string triune_include;  // where <triune/triune.hpp> is, for units that do not see it
    bool fix = false;
    bool status = false;
    bool quiet = false;
    bool verify = true;
};

}  // namespace migrate
