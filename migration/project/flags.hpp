// SPDX-License-Identifier: Apache-2.0
// Words of a command line: what they begin with, what they name.
#pragma once

#include <algorithm>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace migrate {

inline bool starts_with_any(std::string_view text, std::initializer_list<std::string_view> heads) {
    return std::ranges::any_of(heads, [&](const std::string_view each) { return text.starts_with(each); });
}

inline bool is_any(std::string_view text, std::initializer_list<std::string_view> names) {
    return std::ranges::find(names, text) != names.end();
}

// `path` as the unit's compiler finds it, from `directory`.
std::string absolute(const std::string& directory, const std::string& path);

// A file of words may name another.
inline constexpr unsigned max_nested_files = 8;

// Whether there is such a file: a database may name a device that never ends.
bool is_readable_file(const std::string& file);

// The words of a response or configuration file; none where it cannot be read.
std::vector<std::string> words_of_file(const std::string& file);

}  // namespace migrate
