// SPDX-License-Identifier: Apache-2.0
#include "clang/written_words.hpp"

#include "text/source_text.hpp"

namespace migrate {

using namespace clang;

namespace {

bool is_any_of(const Word& each, std::initializer_list<tok::TokenKind> kinds) {
    return std::find(kinds.begin(), kinds.end(), each.kind) != kinds.end();
}

// Whether `template` stands anywhere without `<` behind it, be it in a comment: few files need a closer look.
bool has_bare_template(const std::string& text) {
    constexpr std::string_view keyword = "template";
    for (std::size_t at = text.find(keyword); at != std::string::npos; at = text.find(keyword, at + 1)) {
        const unsigned next = skip_spaces(text, static_cast<unsigned>(at + keyword.size()));
        if (next < text.size() && text[next] != '<') return true;
    }
    return false;
}

template <typename Take>
void each_word(std::string_view text, unsigned begin, unsigned end, const LangOptions& language, Take take) {
    Lexer lexer(SourceLocation(), language, text.data(), text.data() + begin, text.data() + text.size());
    Token token;
    for (bool last = false; !last;) {
        last = lexer.LexFromRawLexer(token);
        if (token.is(tok::eof)) return;
        const auto location = lexer.getBufferLocation() - text.data();
        const auto offset = static_cast<unsigned>(location) - token.getLength();
        if (offset >= end) return;
        take(Word{token.getKind(), offset, text.substr(offset, token.getLength())});
    }
}

const NamedDecl* found_in(const DeclContext* scope, DeclarationName name, std::set<const DeclContext*>& seen) {
    scope = scope->getPrimaryContext();
    if (!seen.insert(scope).second) return nullptr;
    const NamedDecl* other = nullptr;
    for (const NamedDecl* each : scope->lookup(name)) {
        const NamedDecl* target = each->getUnderlyingDecl();
        if (isa<TypeDecl, ClassTemplateDecl, TypeAliasTemplateDecl, NamespaceDecl, NamespaceAliasDecl>(target))
            return each;
        other = each;
    }
    if (other != nullptr) return other;
    for (const UsingDirectiveDecl* each : scope->using_directives()) {
        if (const NamedDecl* found = found_in(each->getNominatedNamespace(), name, seen)) return found;
    }
    return nullptr;
}

}  // namespace

std::vector<Word> words_in(std::string_view text, unsigned begin, unsigned end, const LangOptions& language) {
    std::vector<Word> words;
    each_word(text, begin, end, language, [&](const Word& each) { words.push_back(each); });
    return words;
}

std::vector<std::vector<Word>> explicit_instantiations_in(const std::string& text, const LangOptions& language) {
    std::vector<std::vector<Word>> result;
    if (!has_bare_template(text)) return result;
    std::vector<Word> open;  // empty where no instantiation has begun
    int depth = 0;
    Word before{tok::unknown, 0, {}};
    each_word(text, 0, static_cast<unsigned>(text.size()), language, [&](const Word& each) {
        const Word previous = std::exchange(before, each);
        if (open.empty()) {
            // Also the word of `x.template f<T>()`.
            if (each.text != "template" || is_any_of(previous, {tok::period, tok::arrow, tok::coloncolon})) return;
            open = {each};
            depth = 0;
            return;
        }
        const bool class_or_declaration = open.size() == 1 && (each.kind == tok::less || each.text == "class" ||
                                                               each.text == "struct" || each.text == "union");
        depth += is_any_of(each, {tok::l_paren, tok::l_square});
        depth -= is_any_of(each, {tok::r_paren, tok::r_square});
        if (class_or_declaration || depth < 0 || is_any_of(each, {tok::l_brace, tok::r_brace, tok::hash})) {
            open.clear();
            return;
        }
        open.push_back(each);
        if (each.kind == tok::semi && depth == 0) result.push_back(std::exchange(open, {}));
    });
    return result;
}

bool WordMeanings::is_name(std::size_t at) const {
    return words_[at].kind == tok::raw_identifier &&
           !context_.Idents.get(words_[at].text).isKeyword(context_.getLangOpts());
}

// Of the name at `at`, which has a `::` before it; null where nobody knows it.
const DeclContext* WordMeanings::qualifier(std::size_t at) const {
    if (at < 2) return context_.getTranslationUnitDecl();
    std::size_t named = at - 2;
    for (int depth = 0; is_any_of(words_[named], {tok::greater, tok::greatergreater}) || depth > 0; --named) {
        depth += words_[named].kind == tok::greater ? 1 : words_[named].kind == tok::greatergreater ? 2 : 0;
        depth -= words_[named].kind == tok::less ? 1 : 0;
        if (named == 0) return nullptr;
    }
    if (!is_name(named)) return context_.getTranslationUnitDecl();
    const NamedDecl* outer = of(named);
    if (outer == nullptr) return nullptr;
    outer = outer->getUnderlyingDecl();
    if (const auto* alias = dyn_cast<NamespaceAliasDecl>(outer)) return alias->getNamespace();
    if (const auto* pattern = dyn_cast<ClassTemplateDecl>(outer)) outer = pattern->getTemplatedDecl();
    if (const auto* alias = dyn_cast<TypedefNameDecl>(outer)) outer = alias->getUnderlyingType()->getAsCXXRecordDecl();
    if (const auto* record = dyn_cast_or_null<CXXRecordDecl>(outer)) return record->getDefinition();
    return dyn_cast_or_null<DeclContext>(outer);
}

bool WordMeanings::in_class(std::size_t at) const {
    if (at == 0 || words_[at - 1].kind != tok::coloncolon) return false;
    const DeclContext* outer = qualifier(at);
    return outer != nullptr && outer->isRecord();
}

const NamedDecl* WordMeanings::of(std::size_t at) const {
    if (!is_name(at)) return nullptr;
    const DeclarationName name(&context_.Idents.get(words_[at].text));
    if (at > 0 && words_[at - 1].kind == tok::coloncolon) {
        const DeclContext* outer = qualifier(at);
        std::set<const DeclContext*> seen;
        return outer == nullptr ? nullptr : found_in(outer, name, seen);
    }
    for (const DeclContext* outer = around_; outer != nullptr; outer = outer->getParent()) {
        std::set<const DeclContext*> seen;
        if (const NamedDecl* found = found_in(outer, name, seen)) return found;
    }
    return nullptr;
}

}  // namespace migrate
