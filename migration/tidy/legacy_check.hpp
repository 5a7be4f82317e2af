// SPDX-License-Identifier: Apache-2.0
// A check of clang-tidy: legacy names, with what the rewriter makes of them.
#pragma once

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-parameter"
#include <clang-tidy/ClangTidyCheck.h>
#pragma GCC diagnostic pop

#include <set>

namespace migrate {

// Warns where a legacy name is spelled and where a legacy header is included, also inside templates that nobody
// instantiates, which compilers' deprecation warnings pass by. It offers no fix: all uses of an object change together
// or not at all, which triune-migrate sees and a check of one place does not.
class LegacyCheck : public clang::tidy::ClangTidyCheck {
  public:
    using ClangTidyCheck::ClangTidyCheck;

    bool isLanguageVersionSupported(const clang::LangOptions& language) const override { return language.CPlusPlus; }
    std::optional<clang::TraversalKind> getCheckTraversalKind() const override {
        return clang::TK_IgnoreUnlessSpelledInSource;
    }
    void registerMatchers(clang::ast_matchers::MatchFinder* finder) override;
    void registerPPCallbacks(const clang::SourceManager& sources, clang::Preprocessor* preprocessor,
                             clang::Preprocessor* expander) override;
    void check(const clang::ast_matchers::MatchFinder::MatchResult& found) override;

  private:
    void warn(clang::SourceLocation where, const clang::SourceManager& sources, const clang::NamedDecl* named);

    std::set<clang::SourceLocation> told_;
};

}  // namespace migrate
