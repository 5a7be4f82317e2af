// SPDX-License-Identifier: Apache-2.0
// What the preprocessor saw of a unit: include lines, branches that were skipped, macro bodies.
#pragma once

#include <memory>

#include "clang/clang_headers.hpp"
#include "facts/facts.hpp"

namespace migrate {

class UnitContext;

struct UnitText {
    struct SeenInclude {
        clang::SourceLocation hash, name;
        std::string spelled;
        bool angled = false;
        std::string resolved;
    };
    std::vector<SeenInclude> includes;
    struct AskedHeader {
        clang::SourceLocation name;
        std::string spelled;
        bool legacy = false;  // a legacy header was found
    };
    std::vector<AskedHeader> asked;  // by __has_include
    std::vector<clang::SourceRange> skipped;
    std::vector<clang::SourceRange> macro_bodies;
    std::vector<clang::SourceLocation> stringized;  // words that a macro of the program's makes data of
    std::set<clang::FileID> inherited;  // system headers by nothing but what a file that includes them says of itself

    // Whether the file was found as a system header. One that says `#pragma GCC system_header` of itself is still the
    // program's.
    bool is_foreign_file(const clang::SourceManager& sources, clang::FileID file) const;
    // Into the facts; a branch counts as skipped only where every unit skips it.
    void store(UnitContext& unit) const;
};

std::unique_ptr<clang::PPCallbacks> watch_text(clang::Preprocessor& preprocessor, std::shared_ptr<UnitText> text);

}  // namespace migrate
