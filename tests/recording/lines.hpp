// SPDX-License-Identifier: Apache-2.0
// A recording's lines, as tests look at them.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace triune {

// Those that tell of `what`: "allocate", "free", ...
inline std::vector<std::string> lines_of(const std::string& text, std::string_view what) {
    std::vector<std::string> found;
    const std::string mark = "\"do\":\"" + std::string(what) + "\"";
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = text.find('\n', begin);
        std::string line = text.substr(begin, end - begin);
        if (line.find(mark) != std::string::npos) found.push_back(std::move(line));
        begin = end == std::string::npos ? text.size() : end + 1;
    }
    return found;
}

// The value behind "key": as it is written.
inline std::string value_of(const std::string& line, const std::string& key) {
    const std::size_t at = line.find("\"" + key + "\":");
    if (at == std::string::npos) return {};
    const std::size_t begin = at + key.size() + 3;
    if (line[begin] == '"') return line.substr(begin, line.find('"', begin + 1) + 1 - begin);
    return line.substr(begin, line.find_first_of(",}", begin) - begin);
}

}  // namespace triune
