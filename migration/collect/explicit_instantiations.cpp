// SPDX-License-Identifier: Apache-2.0
#include "collect/explicit_instantiations.hpp"

#include <algorithm>

#include "clang/type_arguments.hpp"
#include "text/source_text.hpp"

namespace migrate {

using namespace clang;

namespace {

constexpr std::string_view refusal = "explicit-instantiation";

// The innermost namespace around a place.
const DeclContext* namespace_at(const DeclContext* outer, const SourceManager& sources, FileID file, unsigned offset) {
    for (const Decl* each : outer->decls()) {
        if (!isa<NamespaceDecl, LinkageSpecDecl>(each)) continue;
        const auto begin = sources.getDecomposedLoc(sources.getExpansionLoc(each->getBeginLoc()));
        const auto end = sources.getDecomposedLoc(sources.getExpansionLoc(each->getEndLoc()));
        if (begin.first != file || end.first != file || offset < begin.second || offset > end.second) continue;
        return namespace_at(cast<DeclContext>(each), sources, file, offset);
    }
    return outer;
}

// What an instantiation names last, as far as that is a word.
std::string written_name(const FunctionDecl* made) {
    if (isa<CXXConstructorDecl, CXXDestructorDecl>(made))
        return cast<CXXMethodDecl>(made)->getParent()->getName().str();
    return made->getDeclName().isIdentifier() ? made->getName().str() : "operator";
}

}  // namespace

// `template class utils::DeviceBuffer<int>;`, whose own place is where the template stands.
void ExplicitInstantiations::read(const ClassTemplateSpecializationDecl* made) {
    const LegacyName name = names_.legacy(made);
    const auto* written = made->getTemplateArgsAsWritten();
    const auto open = !name || written == nullptr ? std::nullopt : unit_.file_place_of(written->getLAngleLoc());
    if (!open) return;
    const std::string& text = unit_.text_of(open->file);
    unsigned begin = previous_character(text, open->offset);
    while (begin > 0 && begin < text.size() && is_identifier_character(text[begin - 1])) --begin;
    const int back = static_cast<int>(begin) - static_cast<int>(open->offset);
    const SourceLocation location = written->getLAngleLoc().getLocWithOffset(back);
    if (const auto group = sink_.site_at(location, name)) {
        sink_.edit_name(*group, {open->file, begin}, name, name.spelled->replacement, false);
    }
}

void ExplicitInstantiations::note(const FunctionDecl* made) {
    if (names_.is_made_explicitly(made)) instantiated_.push_back(made);
}

void ExplicitInstantiations::read_words() {
    std::set<const FunctionDecl*> written;
    std::set<std::string> read;
    const auto files = unit_.kinds();  // looking at declarations adds to them
    for (const auto& [file, kind] : files) {
        if (!kind.project || !read.insert(kind.path).second) continue;
        const FileFacts& held = unit_.found().files[kind.path];
        const auto skipped = held.skipped.find(unit_.id());
        for (const std::vector<Word>& words : explicit_instantiations_in(held.content, unit_.tree().getLangOpts())) {
            const unsigned begin = words.front().offset;
            const unsigned end = words.back().offset;
            const auto holds = [&](const auto& each) { return each.first <= begin && begin < each.second; };
            if (std::ranges::any_of(held.macro_bodies, holds) || std::ranges::any_of(held.broken, holds) ||
                (skipped != held.skipped.end() && std::ranges::any_of(skipped->second, holds))) {
                continue;
            }
            std::vector<const FunctionDecl*> made;
            for (const FunctionDecl* each : instantiated_) {
                const auto at =
                    unit_.sources().getDecomposedLoc(unit_.sources().getFileLoc(each->getPointOfInstantiation()));
                if (at.first == file && begin <= at.second && at.second <= end) made.push_back(each);
            }
            if (made.empty()) {  // used or announced before, and has that place
                std::ranges::copy_if(instantiated_, std::back_inserter(made), [&](const FunctionDecl* each) {
                    return std::ranges::find(words, written_name(each), &Word::text) != words.end();
                });
            }
            written.insert(made.begin(), made.end());
            const bool named = std::ranges::any_of(words, [](const Word& each) { return is_legacy_member(each.text); });
            if (named || !made.empty()) read_one(file, words, made, {});
        }
    }
    for (const FunctionDecl* each : instantiated_) {
        if (written.contains(each)) continue;
        const SourceLocation at = each->getPointOfInstantiation();
        const auto begin = unit_.sources().getDecomposedLoc(unit_.sources().getExpansionRange(at).getBegin());
        const auto end = unit_.sources().getDecomposedLoc(unit_.sources().getExpansionRange(at).getEnd());
        if (at.isMacroID() && unit_.kind_of(begin.first).project && begin.first == end.first) {
            const std::string& text = unit_.text_of(unit_.kind_of(begin.first).path);
            read_one(begin.first, words_in(text, begin.second, end.second, unit_.tree().getLangOpts()), {each},
                     "macro-argument");
        }
        unit_.found().together.block(flow_.key_of(each), std::string(refusal));
    }
}

void ExplicitInstantiations::read_one(FileID file, const std::vector<Word>& words,
                                      const std::vector<const FunctionDecl*>& made, std::string_view why) {
    if (words.empty()) return;
    const std::string& path = unit_.kind_of(file).path;
    const Groups::Key own = unit_.found().together.of("X:" + path + ":" + std::to_string(words.front().offset));
    const Frames::Scope entered = frames_.enter_words(own);
    bool of_untyped = made.empty();
    for (const FunctionDecl* each : made) {
        flow_.link_template(own, each);
        of_untyped =
            of_untyped || llvm::any_of(type_arguments(each->getTemplateSpecializationArgs()), [&](QualType argument) {
                return names_.is_legacy_class(argument.getNonReferenceType(), untyped_class);
            });
    }
    const WordMeanings meanings(
        unit_.tree(), words,
        namespace_at(unit_.tree().getTranslationUnitDecl(), unit_.sources(), file, words.front().offset));
    for (std::size_t at = 0; at < words.size(); ++at) {
        const NamedDecl* meant = meanings.of(at);
        if (meant == nullptr) continue;
        const auto* target = meant->getUnderlyingDecl();
        const SourceLocation location =
            unit_.sources().getLocForStartOfFile(file).getLocWithOffset(static_cast<int>(words[at].offset));
        const bool type = isa<TypeDecl, ClassTemplateDecl, TypeAliasTemplateDecl>(target);
        if (names_.legacy(target) && (!why.empty() || !type)) {
            sink_.site_at(location, names_.legacy(target), why.empty() ? refusal : why);
        } else if (meanings.in_class(at) && names_.legacy(cast<NamedDecl>(target->getDeclContext()))) {
            // A constructor, or what only the new class's bases have.
            sink_.refuse(own, location, refusal);
        } else if (type) {
            const LegacyName name = names_.legacy(target);
            const bool untyped = name && name.spelled->kind == EditKind::untyped_owner;
            if (untyped && (of_untyped || !take_handle(path, words, at))) {
                sink_.site_at(location, name, refusal);
                continue;
            }
            flow_.link_using(meant);
            QualType alias;
            const auto* pattern = dyn_cast<TypeAliasTemplateDecl>(target);
            if (pattern != nullptr) alias = pattern->getTemplatedDecl()->getUnderlyingType();
            if (const auto* named = dyn_cast<TypedefNameDecl>(target)) alias = named->getUnderlyingType();
            types_.edit(alias, target, location, isa<UsingShadowDecl>(meant));
        }
    }
}

// `gpu::DynamicGpuBuffer&` becomes a handle by value, as where a function is declared; nothing else does.
bool ExplicitInstantiations::take_handle(const std::string& path, const std::vector<Word>& words, std::size_t at) {
    std::size_t first = at;
    while (first >= 2 && words[first - 1].kind == tok::coloncolon && words[first - 2].kind == tok::raw_identifier)
        first -= 2;
    if (first > 0 && words[first - 1].kind == tok::coloncolon) --first;
    const bool constant =
        (first > 0 && words[first - 1].text == "const") || (at + 1 < words.size() && words[at + 1].text == "const");
    const std::size_t sigil = at + 1 < words.size() && words[at + 1].text == "const" ? at + 2 : at + 1;
    if (sigil >= words.size() || words[sigil].kind != tok::amp) return words[sigil].kind != tok::star;
    types_.mark_handle({path, words[at].offset});
    if (constant) return true;
    const std::string& text = unit_.text_of(path);
    unsigned begin = words[sigil].offset;
    while (begin > 0 && text[begin - 1] == ' ') --begin;
    sink_.put(flow_.here(), path, begin, words[sigil].offset + 1, "");
    return true;
}

}  // namespace migrate
