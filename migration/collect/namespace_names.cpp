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
                      identifier_end(unit_.text_of(keyword->file), keyword->offset),
                      scope_mark + std::string("DeviceElement"));
        }
        return;
    }
    for (const Decl* each : space->decls()) {
        const auto* named = dyn_cast<NamedDecl>(each);
        if (const auto* pattern = dyn_cast<ClassTemplateDecl>(each)) named = pattern->getTemplatedDecl();
        if (named == nullptr || !names_.legacy(named))
            return sink_.refuse(*group, record->getLocation(), "forward-declaration");
    }
    const LegacyName name = names_.legacy(record);
    if (name.spelled->kind == EditKind::untyped_owner)
        return sink_.refuse(*group, record->getLocation(), "forward-declaration");
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

UsingDirective* NamespaceNames::found_use(const NamedDecl* use, const NamespaceDecl* named, SourceLocation name) {
    const auto range = unit_.file_range_of(use->getSourceRange());
    const auto name_at = unit_.file_place_of(name);
    if (!range || !name_at || !sink_.is_legacy_scope(named->getName().str()) ||
        !named->getParent()->isTranslationUnit())
        return nullptr;
    const unsigned end = identifier_end(unit_.text_of(name_at->file), name_at->offset);
    UsingDirective& known = unit_.found().directives[{range->file, range->begin}];
    known = {{range->file, range->begin},
             range->end - range->begin,
             name_at->offset,
             end - name_at->offset,
             named->getName().str()};
    return &known;
}

void NamespaceNames::read(const UsingDirectiveDecl* directive) {
    UsingDirective* const known =
        found_use(directive, directive->getNominatedNamespace(), directive->getIdentLocation());
    if (known != nullptr) known->whole_file = directive->getDeclContext()->isFileContext();
}

void NamespaceNames::read(const NamespaceAliasDecl* alias) {
    UsingDirective* const known = found_use(alias, alias->getNamespace(), alias->getTargetNameLoc());
    if (known == nullptr) return;
    sink_.add_alias(alias->getName().str());
    known->alias = alias->getName().str();
}

}  // namespace migrate
