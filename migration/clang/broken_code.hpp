// SPDX-License-Identifier: Apache-2.0
// The parts of a unit that Clang did not understand. What stands in them is left alone, and so is everything outside
// that they name, because nobody can tell how they use it.
#pragma once

#include "clang/clang_headers.hpp"
#include "facts/parse_error.hpp"

namespace migrate {

class BrokenCode {
  public:
    using Range = std::pair<unsigned, unsigned>;

    BrokenCode(clang::ASTContext& context, const std::vector<ParseError>& errors);

    bool empty() const { return regions_.empty(); }
    bool holds(const clang::Decl* declaration) const { return declarations_.contains(declaration); }
    bool mentions(const std::string& identifier) const { return identifiers_.contains(identifier); }
    const std::map<clang::FileID, std::vector<Range>>& regions() const { return regions_; }

  private:
    using Places = std::map<clang::FileID, std::set<unsigned>>;

    std::optional<std::pair<clang::FileID, Range>> range_of(const clang::Decl* declaration) const;
    void visit(const clang::DeclContext* outer, clang::FileID file, Range within, std::set<unsigned> errors);
    void add(clang::FileID file, Range region);

    clang::ASTContext& context_;
    clang::SourceManager& sources_;
    std::set<const clang::Decl*> declarations_;
    std::set<std::string> identifiers_;
    std::map<clang::FileID, std::vector<Range>> regions_;
};

}  // namespace migrate
