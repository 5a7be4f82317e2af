// SPDX-License-Identifier: Apache-2.0
// The unit that is read: its tree, its files and what they are, and the places of what Clang found in them.
#pragma once

#include "clang/clang_headers.hpp"
#include "facts/facts.hpp"
#include "project/compile_command.hpp"
#include "project/options.hpp"

namespace migrate {

struct FileKind {
    std::string path;  // real; empty for built-in text
    bool project = false;
    const Rule* legacy = nullptr;
    bool error_header = false;
};

class UnitContext {
  public:
    // `inherited`: files that are system headers by nothing but what a precompiled header says of itself.
    UnitContext(clang::ASTContext& tree, Facts& found, const Options& asked, const UnitCommand& unit,
                const std::set<clang::FileID>& inherited);

    clang::ASTContext& tree() const { return tree_; }
    clang::SourceManager& sources() const { return sources_; }
    Facts& found() const { return found_; }
    const Options& asked() const { return asked_; }
    const std::string& id() const { return id_; }

    // Of a file of this unit, by identity; also registers project files with their contents.
    const FileKind& kind_of(clang::FileID file);
    // Of the file in which the location's text was written or its macro called.
    const FileKind& kind_at(clang::SourceLocation location);
    bool is_project(clang::SourceLocation location);
    const std::map<clang::FileID, FileKind>& kinds() const { return kinds_; }  // of the files met so far
    const std::string& text_of(const std::string& file) { return found_.files[file].content; }

    // Where the token is spelled, be it in an argument or in the body of a macro.
    std::optional<Place> place_of(clang::SourceLocation location);
    // At the level of `anchor`, or else of the range's beginning: what stands in a file or in one body of a macro.
    std::optional<TextRange> range_of(clang::SourceRange range, clang::SourceLocation anchor = {});
    // The same, of what no macro has made.
    std::optional<Place> file_place_of(clang::SourceLocation location);
    std::optional<TextRange> file_range_of(clang::SourceRange range);

  private:
    void register_file(clang::FileID file, clang::FileEntryRef known, const FileKind& kind);
    bool leads_out(llvm::StringRef name, const std::string& path) const;
    clang::FileID level_of(clang::SourceLocation location);

    clang::ASTContext& tree_;
    clang::SourceManager& sources_;
    Facts& found_;
    const Options& asked_;
    std::string id_;
    std::string directory_;
    const std::set<clang::FileID>& inherited_;
    std::map<clang::FileID, FileKind> kinds_;
};

}  // namespace migrate
