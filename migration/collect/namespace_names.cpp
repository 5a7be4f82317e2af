// SPDX-License-Identifier: Apache-2.0
#include "collect/namespace_names.hpp"

#include "text/source_text.hpp"

namespace migrate {

using namespace clang;

void NamespaceNames::read(const CXXRecordDecl* record) {
    if (record->isThisDeclarationADefinition() || record->isImplicit() || !names_.legacy(record)) return;
    if (isa<ClassTemplateSpecializationDecl>(record)) return;
    const auto group = sink_.site_at(record->getLocation(), names_.legacy(record));
    const auto at = unit_.file_place_of(record->getLocation());
    if (!group || !at) return;
    const auto* space = dyn_cast<NamespaceDecl>(record->getLexicalDeclContext());
    if (space == nullptr) {
        // `template <typename T> friend class utils::DeviceBuffer;` names the class without a type's place.
        const LegacyName friendly = names_.legacy(record);
        const bool renamed = friendly.spelled->kind == EditKind::rename_scoped;
        if (!renamed || scope_before(unit_.text_of(at->file), at->offset).names.empty())
            return sink_.refuse(*group, record->getLocation(), "forward-declaration");
        sink_.edit_name(*group, *at, friendly, friendly.spelled->replacement, false);
        // A template is announced with the constraints that it has.
        const ClassTemplateDecl* pattern = record->getDescribedClassTemplate();
        const auto keyword = pattern == nullptr || friendly.spelled->replacement != "Buffer"
                                 ? std::nullopt
                                 : unit_.file_place_of(pattern->getTemplateParameters()->getParam(0)->getBeginLoc());
        if (keyword) {
            sink_.put(*group, keyword->file, keyword->offset,
                      identifier_end(unit_.text_of(keyword->file), keyword->offset), "triune::DeviceElement");
        }
        return;
    }
    const auto is_plain = [&](const Decl* each) {
        const auto* other = dyn_cast<CXXRecordDecl>(each);
        const LegacyName its = other == nullptr ? LegacyName{} : names_.legacy(other);
        return its && its.spelled->kind != EditKind::untyped_owner;
    };
    if (!std::ranges::all_of(space->decls(), is_plain)) return include_in_place_of(record, *space, *group);
    const LegacyName name = names_.legacy(record);
    sink_.put(*group, at->file, at->offset, identifier_end(unit_.text_of(at->file), at->offset),
              std::string(name.spelled->replacement));
    if (const auto named = unit_.file_place_of(space->getLocation())) {
        unit_.found().together.unite(
            *group, unit_.found().together.of("N:" + named->file + ":" + std::to_string(named->offset)));
        Edit opened{named->file, named->offset,
                    identifier_end(unit_.text_of(named->file), named->offset) - named->offset, "triune"};
        opened.group = unit_.found().together.of("N:" + named->file + ":" + std::to_string(named->offset));
        opened.stand_in = "triune::transition";
        opened.stand_in_for = transition_type_of(name.spelled->legacy);
        unit_.found().edits.add(opened);
    }
}

// A template with constraints, and a class whose references become handles, cannot be announced: the header stands in
// the place of the announcement, before what else the block has.
void NamespaceNames::include_in_place_of(const CXXRecordDecl* record, const NamespaceDecl& space, Groups::Key group) {
    const ClassTemplateDecl* pattern = record->getDescribedClassTemplate();
    const auto block = unit_.file_range_of(space.getSourceRange());
    const auto announced =
        unit_.file_range_of(pattern == nullptr ? record->getSourceRange() : pattern->getSourceRange());
    if (!block || !announced || announced->file != block->file || !space.getParent()->isTranslationUnit())
        return sink_.refuse(group, record->getLocation(), "forward-declaration");
    const std::string& text = unit_.text_of(block->file);
    const unsigned line = line_begin(text, block->begin);
    const unsigned end = skip_spaces(text, announced->end);
    if (skip_spaces(text, line) != block->begin || text[end] != ';')
        return sink_.refuse(group, record->getLocation(), "forward-declaration");
    const Groups::Key together = unit_.found().together.of("N:" + block->file + ":" + std::to_string(block->begin));
    unit_.found().together.unite(group, together);
    const std::string included = "#include <triune/triune.hpp>";
    const bool whole = std::ranges::all_of(space.decls(), [&](const Decl* each) {
        const auto* other = dyn_cast<ClassTemplateDecl>(each);
        const auto* announcing = other == nullptr ? dyn_cast<CXXRecordDecl>(each) : other->getTemplatedDecl();
        return announcing != nullptr && names_.legacy(announcing);
    });
    if (whole) {
        const std::size_t next = text.find_first_not_of(" \t\r", block->end);
        const bool alone = next >= text.size() || text[next] == '\n' || text.compare(next, 2, "//") == 0;
        // The comment that names the block goes with it.
        const unsigned line_break = line_end(text, block->end) - 1;
        const bool told = text.compare(next, 12, "// namespace") == 0 && text[line_break] == '\n';
        const unsigned last = told ? previous_character(text, line_break) + 1 : block->end;
        return sink_.put(together, block->file, block->begin, last, included + (alone ? "" : "\n"));
    }
    sink_.put(together, block->file, block->begin, block->begin, included + "\n");
    const auto [first, last] = whole_lines(text, announced->begin, end + 1);
    sink_.put(group, block->file, first, last, "");
}

void NamespaceNames::read(const UsingDecl* declaration) {
    for (const UsingShadowDecl* shadow : declaration->shadows()) {
        const LegacyName name = names_.legacy(shadow->getTargetDecl());
        if (!name) {
            sink_.note_staying(shadow->getTargetDecl(), declaration->getLocation(), true);
            continue;
        }
        const auto group = sink_.site_at(declaration->getLocation(), name);
        if (!group) return;
        const Place at = *unit_.file_place_of(declaration->getLocation());
        const bool function = isa<FunctionDecl, FunctionTemplateDecl>(shadow->getTargetDecl()) &&
                              !shadow->getTargetDecl()->isCXXClassMember();
        if (function) {
            // What replaces a function is a call on the manager, which no using-declaration can name.
            const std::string& text = unit_.text_of(at.file);
            const auto range = unit_.file_range_of(declaration->getSourceRange());
            if (!range || text[skip_spaces(text, range->end)] != ';')
                return sink_.refuse(*group, declaration->getLocation(), "unsupported");
            const auto [begin, end] = whole_lines(text, range->begin, skip_spaces(text, range->end) + 1);
            sink_.put(*group, at.file, begin, end, "");
        } else if (name.spelled->kind != EditKind::keep) {
            sink_.edit_name(*group, at, name, name.spelled->replacement, true);
        }
        return;
    }
}

bool NamespaceNames::has_own_names(const NamespaceDecl* space) {
    const auto is_own = [&](const Decl* each) {
        const auto* pattern = dyn_cast<ClassTemplateDecl>(each);
        const auto* declared = pattern == nullptr ? dyn_cast<NamedDecl>(each) : pattern->getTemplatedDecl();
        return declared != nullptr && unit_.is_project(declared->getLocation()) && !names_.legacy(declared);
    };
    return llvm::any_of(space->redecls(),
                        [&](const NamespaceDecl* part) { return llvm::any_of(part->decls(), is_own); });
}

UsingDirective* NamespaceNames::found_use(const NamedDecl* use, const NamespaceDecl* named) {
    const auto range = unit_.file_range_of(use->getSourceRange());
    if (!range || !sink_.is_legacy_scope(named->getName().str()) || !named->getParent()->isTranslationUnit())
        return nullptr;
    UsingDirective& known = unit_.found().directives[{range->file, range->begin}];
    known = {{range->file, range->begin}, range->end - range->begin, named->getName().str()};
    return &known;
}

// The program's own names in the namespace need it open, perhaps in text that nobody compiles.
void NamespaceNames::read(const UsingDirectiveDecl* directive) {
    const NamespaceDecl* named = directive->getNominatedNamespace();
    if (!has_own_names(named)) found_use(directive, named);
}

void NamespaceNames::read(const NamespaceAliasDecl* alias) {
    UsingDirective* const known = found_use(alias, alias->getNamespace());
    if (known == nullptr) return;
    sink_.add_alias(alias->getName().str());
    known->alias = alias->getName().str();
}

}  // namespace migrate
