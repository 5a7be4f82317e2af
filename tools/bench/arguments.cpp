// SPDX-License-Identifier: Apache-2.0
#include "arguments.hpp"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstdlib>

namespace bench {

Arguments::Arguments(int argc, char** argv, const std::vector<std::string>& known) : program_(argv[0]) {
    for (int i = 1; i < argc; ++i) {
        const std::string argument = argv[i];
        if (argument.rfind("--", 0) != 0) {
            rest_.push_back(argument);
        } else if (std::find(known.begin(), known.end(), argument) != known.end() && i + 1 < argc) {
            values_[argument] = argv[++i];
        } else {
            std::fprintf(stderr, "%s: unknown option or no value: %s\n", argv[0], argument.c_str());
            std::exit(2);
        }
    }
}

int Arguments::number(const std::string& option, int otherwise) const {
    const auto found = values_.find(option);
    if (found == values_.end()) return otherwise;
    const std::string& text = found->second;
    int value = 0;
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
    if (parsed.ec != std::errc() || parsed.ptr != text.data() + text.size() || value < 1) {
        std::fprintf(stderr, "%s: %s wants a number above 0, not '%s'\n", program_.c_str(), option.c_str(),
                     text.c_str());
        std::exit(2);
    }
    return value;
}

std::string Arguments::text(const std::string& option, const std::string& otherwise) const {
    const auto found = values_.find(option);
    return found == values_.end() ? otherwise : found->second;
}

}  // namespace bench
