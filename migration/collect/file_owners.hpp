// SPDX-License-Identifier: Apache-2.0
// Whose a file of a unit is: the program's, the library's under its old or new name, or the system's.
#pragma once

#include "clang/clang_headers.hpp"

namespace migrate {

enum class FileOwner { program, library, error_header, system, nobody };

class FileOwners {
  public:
    // `inherited`: files that are system headers by nothing but what a precompiled header says of itself.
    FileOwners(clang::SourceManager& sources, const std::set<clang::FileID>& inherited)
        : sources_(sources), inherited_(inherited) {}

    FileOwner of(clang::SourceLocation location);
    // Where the location is written in a file: a macro's argument where it stands, the rest where the macro is used.
    std::pair<const std::string*, unsigned> written(clang::SourceLocation location);

  private:
    struct KnownFile {
        FileOwner owner = FileOwner::nobody;
        std::string path;  // real
    };
    const KnownFile& known(clang::FileID file);

    clang::SourceManager& sources_;
    const std::set<clang::FileID>& inherited_;
    std::map<clang::FileID, KnownFile> known_;
};

}  // namespace migrate
