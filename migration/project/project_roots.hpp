// SPDX-License-Identifier: Apache-2.0
// Where the project is: a run edits and restores nothing outside that a link or a journal names.
#pragma once

#include <string>
#include <vector>

namespace migrate {

// Real folders: this one, the one that holds the build folder, and the one, or the repository, of most of `files`.
std::vector<std::string> find_roots(const std::string& build_directory, const std::vector<std::string>& files);

// The first of `roots` that holds all the files; empty where none does.
std::string root_of_all(const std::vector<std::string>& roots, const std::vector<std::string>& files);

// What people call the project: its repository's folder; without one this folder, where it holds the others.
std::string project_name(const std::vector<std::string>& roots);

// `path` real.
bool lies_in(const std::vector<std::string>& roots, const std::string& path);

}  // namespace migrate
