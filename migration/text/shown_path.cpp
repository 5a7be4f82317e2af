// SPDX-License-Identifier: Apache-2.0
#include "text/shown_path.hpp"

#include <llvm/ADT/SmallString.h>
#include <llvm/Support/FileSystem.h>

namespace migrate {

std::string shown_path(const std::string& real) {
    static const std::string folder = [] {
        llvm::SmallString<256> here, resolved;
        if (llvm::sys::fs::current_path(here) || llvm::sys::fs::real_path(here, resolved)) return std::string();
        return resolved.str().str() + "/";
    }();
    return !folder.empty() && real.starts_with(folder) ? real.substr(folder.size()) : real;
}

}  // namespace migrate
