// SPDX-License-Identifier: Apache-2.0
#include "project/project_roots.hpp"

#include <llvm/ADT/SmallString.h>
#include <llvm/Support/FileSystem.h>
#include <llvm/Support/Path.h>

#include <algorithm>
#include <map>

namespace migrate {
namespace {

std::string real_folder(const std::string& path) {
    llvm::SmallString<256> result;
    return llvm::sys::fs::real_path(path, result) ? std::string() : result.str().str();
}

std::string parent(const std::string& path) { return llvm::sys::path::parent_path(path).str(); }

// The deepest folder that holds more than half of the files; a file that a link has brought from elsewhere does not
// move it.
std::string folder_of_most(const std::vector<std::string>& files) {
    std::map<std::string, std::size_t> below;
    for (const std::string& file : files) {
        for (std::string at = parent(file); at.size() > 1; at = parent(at)) ++below[at];
    }
    std::string deepest;
    for (const auto& [folder, count] : below) {
        if (2 * count > files.size() && folder.size() > deepest.size()) deepest = folder;
    }
    return deepest;
}

std::string repository_of(const std::string& folder) {
    for (std::string at = folder; at.size() > 1; at = parent(at)) {
        if (llvm::sys::fs::exists(at + "/.git")) return at;
    }
    return folder;
}

}  // namespace

std::vector<std::string> find_roots(const std::string& build_directory, const std::vector<std::string>& files) {
    std::vector<std::string> roots = {real_folder(".")};
    if (const std::string build = real_folder(build_directory); !build.empty()) roots.push_back(parent(build));
    roots.push_back(repository_of(folder_of_most(files)));
    // The root of the disk would hold everything.
    std::erase_if(roots, [](const std::string& each) { return each.size() < 2; });
    return roots;
}

std::string root_of_all(const std::vector<std::string>& roots, const std::vector<std::string>& files) {
    const auto found = std::ranges::find_if(roots, [&](const std::string& root) {
        return std::ranges::all_of(files, [&](const std::string& each) { return lies_in({root}, each); });
    });
    return found == roots.end() ? std::string() : *found;
}

std::string project_name(const std::vector<std::string>& roots) {
    if (roots.empty()) return {};
    const std::string& of_most = roots.back();
    const bool here = !llvm::sys::fs::exists(of_most + "/.git") && lies_in({roots.front()}, of_most);
    return llvm::sys::path::filename(here ? roots.front() : of_most).str();
}

bool lies_in(const std::vector<std::string>& roots, const std::string& path) {
    return std::ranges::any_of(roots, [&](const std::string& root) { return path.starts_with(root + "/"); });
}

}  // namespace migrate
