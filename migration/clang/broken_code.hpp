// SPDX-License-Identifier: Apache-2.0
// The parts of a unit that Clang did not understand. What stands in them is left alone, and so is everything outside
// that they name, because nobody can tell how they use it.
#pragma once

#include "clang/clang_headers.hpp"
#include "facts/parse_error.hpp"

namespace migrate {

class broken_code {
  public:
    using range = std::pair<unsigned, unsigned>;

    broken_code(clang::ASTContext& context, const std::vector<parse_error>& errors);

    bool empty() const { return regions_.empty(); }
    bool holds(const clang::Decl* declaration) const { return declarations_.contains(declaration); }
    bool mentions(const std::string& identifier) const { return identifiers_.contains(identifier); }
    const std::map<clang::FileID, std::vector<range>>& regions() const { return regions_; }

  private:
    using places = std::map<clang::FileID, std::set<unsigned>>;

    std::optional<std::pair<clang::FileID, range>> range_of(const clang::Decl* declaration) const;
    void visit(const clang::DeclContext* outer, clang::FileID file, range within, std::set<unsigned> errors);
    void add(clang::FileID file, range region);

    clang::ASTContext& context_;
    clang::SourceManager& sources_;
    std::set<const clang::Decl*> declarations_;
    std::set<std::string> identifiers_;
    std::map<clang::FileID, std::vector<range>> regions_;
};

}  // namespace migrate
