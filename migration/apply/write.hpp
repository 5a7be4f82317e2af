// SPDX-License-Identifier: Apache-2.0
// Puts a file on disk so that a reader, or a crash, sees the old bytes or the new ones and nothing between.
#pragma once

#include <string>

namespace migrate {

// Both give the empty string on success, else what went wrong.

// Keeps the mode and, where it may, the owner of the file that it replaces; `path` is a real path, so links stay links.
// Nothing is written where the file no longer holds `expected`.
std::string replace_file(const std::string& path, const std::string& expected, const std::string& text);

// A new file, or a new state of one that nobody else writes.
std::string write_file(const std::string& path, const std::string& text, unsigned mode = 0644);

// The bytes of a file; empty and false where it cannot be read.
bool read_file(const std::string& path, std::string& text);

// Makes names that were created or removed in a folder last.
void sync_folder(const std::string& folder);

}  // namespace migrate
