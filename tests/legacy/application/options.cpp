#include "options.hpp"

#include <stdexcept>

namespace package_map {

namespace {

std::size_t parse_count(const std::string& option, const std::string& text) {
    try {
        std::size_t end = 0;
        const unsigned long long value = std::stoull(text, &end);
        if (end == text.size() && text[0] != '-' && value > 0 && value <= 10'000'000) {
            return static_cast<std::size_t>(value);
        }
    } catch (const std::logic_error&) {
        // Falls through to the error below.
    }
    throw std::invalid_argument(option + " needs a number between 1 and 10000000, not '" + text + "'");
}

}  // namespace

const char* usage_text() {
    return "usage: package_map [--input FILE] [--capture FILE] [--output DIR] [--nodes N] [--frames N]\n"
           "  --input FILE    read FILE (dpkg status format) instead of this machine's package database\n"
           "  --capture FILE  only save the package database to FILE, for later use with --input\n"
           "  --output DIR    write package_map.png, summary.txt and times.json to DIR\n"
           "  --nodes N       draw at most N packages (default 6000)\n"
           "  --frames N      run N steps of the layout (default 500)\n";
}

Options parse_options(int argc, char** argv) {
    Options options;
    for (int i = 1; i < argc; ++i) {
        const std::string option = argv[i];
        if (i + 1 == argc) {
            throw std::invalid_argument("option '" + option + "' is unknown or lacks its value");
        }
        const std::string value = argv[++i];
        if (option == "--input") {
            options.input = value;
        } else if (option == "--capture") {
            options.capture = value;
        } else if (option == "--output") {
            options.output = value;
        } else if (option == "--nodes") {
            options.nodes = parse_count(option, value);
        } else if (option == "--frames") {
            options.frames = parse_count(option, value);
        } else {
            throw std::invalid_argument("unknown option '" + option + "'");
        }
    }
    return options;
}

}  // namespace package_map
