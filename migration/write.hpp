// Puts a file on disk so that a reader, or a crash, sees the old bytes or the new ones and nothing between.
#pragma once

#include <string>

namespace migrate {

// Empty on success, else what went wrong. Keeps the file's mode; `path` is a real path, so links stay links.
std::string write_file(const std::string& path, const std::string& expected, const std::string& text);

}  // namespace migrate
