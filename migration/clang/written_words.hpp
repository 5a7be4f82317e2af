// SPDX-License-Identifier: Apache-2.0
// Words of a source file that the syntax tree does not keep, and what they mean where they stand.
#pragma once

#include "clang/clang_headers.hpp"

namespace migrate {

struct Word {
    clang::tok::TokenKind kind;  // of the raw lexer: keywords are identifiers too
    unsigned offset;
    std::string_view text;
};

// Of the range, comments left out.
std::vector<Word> words_in(std::string_view text, unsigned begin, unsigned end, const clang::LangOptions& language);

// From `template` to the semicolon, of each explicit instantiation but those of classes.
std::vector<std::vector<Word>> explicit_instantiations_in(const std::string& text, const clang::LangOptions& language);

// Looks words up as the parser does, but for what a using-directive or a declaration behind them changes. The words and
// the context must outlive it.
class WordMeanings {
  public:
    WordMeanings(clang::ASTContext& context, const std::vector<Word>& words, const clang::DeclContext* around)
        : context_(context), words_(words), around_(around) {}

    // Null where the word is none that was declared; a using-declaration's shadow where it was found by that.
    const clang::NamedDecl* of(std::size_t at) const;
    // Whether a class's name stands before it.
    bool in_class(std::size_t at) const;

  private:
    const clang::DeclContext* qualifier(std::size_t at) const;
    bool is_name(std::size_t at) const;

    clang::ASTContext& context_;
    const std::vector<Word>& words_;
    const clang::DeclContext* around_;
};

}  // namespace migrate
