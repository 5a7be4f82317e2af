// SPDX-License-Identifier: Apache-2.0
// Forward declarations, using-declarations, using-directives and namespace aliases.
#include "collect/name_visitor.hpp"
#include "text/source_text.hpp"

namespace migrate {

using namespace clang;

// `template class utils::DeviceBuffer<int>;`, whose own place is where the template stands.
void name_visitor::instantiate_explicitly(const ClassTemplateSpecializationDecl* made) {
    const legacy_name name = names_.legacy(made);
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

bool name_visitor::VisitCXXRecordDecl(CXXRecordDecl* record) {
    if (const auto* made = dyn_cast<ClassTemplateSpecializationDecl>(record);
        made != nullptr && made->isExplicitInstantiationOrSpecialization() && !made->isExplicitSpecialization()) {
        return instantiate_explicitly(made), true;
    }
    refuse_hidden_defaults(record);
    if (record->isThisDeclarationADefinition() || record->isImplicit() || !names_.legacy(record)) return true;
    if (isa<ClassTemplateSpecializationDecl>(record)) return true;
    const auto group = sink_.site_at(record->getLocation(), names_.legacy(record));
    const auto at = unit_.file_place_of(record->getLocation());
    if (!group || !at) return true;
    const auto* space = dyn_cast<NamespaceDecl>(record->getLexicalDeclContext());
    if (space == nullptr) {
        // `template <typename T> friend class utils::DeviceBuffer;` names the class without a type's place.
        const legacy_name friendly = names_.legacy(record);
        const bool renamed = friendly.spelled->kind == edit_kind::rename_scoped;
        if (!renamed || scope_before(unit_.text_of(at->file), at->offset).names.empty())
            return sink_.refuse(*group, record->getLocation(), "forward-declaration"), true;
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
        return true;
    }
    for (const Decl* each : space->decls()) {
        const auto* named = dyn_cast<NamedDecl>(each);
        if (const auto* pattern = dyn_cast<ClassTemplateDecl>(each)) named = pattern->getTemplatedDecl();
        if (named == nullptr || !names_.legacy(named))
            return sink_.refuse(*group, record->getLocation(), "forward-declaration"), true;
    }
    const legacy_name name = names_.legacy(record);
    if (name.spelled->kind == edit_kind::untyped_owner)
        return sink_.refuse(*group, record->getLocation(), "forward-declaration"), true;
    sink_.put(*group, at->file, at->offset, identifier_end(unit_.text_of(at->file), at->offset),
              std::string(name.spelled->replacement));
    if (const auto named = unit_.file_place_of(space->getLocation())) {
        unit_.found().together.unite(
            *group, unit_.found().together.of("N:" + named->file + ":" + std::to_string(named->offset)));
        edit opened{named->file, named->offset,
                    identifier_end(unit_.text_of(named->file), named->offset) - named->offset, "triune"};
        opened.group = unit_.found().together.of("N:" + named->file + ":" + std::to_string(named->offset));
        opened.stand_in = "triune::transition";
        opened.stand_in_for = transition_type_of(name.spelled->legacy);
        unit_.found().edits.add(opened);
    }
    return true;
}

bool name_visitor::VisitUsingDecl(UsingDecl* declaration) {
    for (const UsingShadowDecl* shadow : declaration->shadows()) {
        const legacy_name name = names_.legacy(shadow->getTargetDecl());
        if (!name) {
            sink_.note_staying(shadow->getTargetDecl(), declaration->getLocation(), true);
            continue;
        }
        const auto group = sink_.site_at(declaration->getLocation(), name);
        if (!group) return true;
        const place at = *unit_.file_place_of(declaration->getLocation());
        const bool function = isa<FunctionDecl, FunctionTemplateDecl>(shadow->getTargetDecl()) &&
                              !shadow->getTargetDecl()->isCXXClassMember();
        if (function) {
            // What replaces a function is a call on the manager, which no using-declaration can name.
            const std::string& text = unit_.text_of(at.file);
            const auto range = unit_.file_range_of(declaration->getSourceRange());
            if (!range || text[skip_spaces(text, range->end)] != ';')
                return sink_.refuse(*group, declaration->getLocation(), "unsupported"), true;
            const auto [begin, end] = whole_lines(text, range->begin, skip_spaces(text, range->end) + 1);
            sink_.put(*group, at.file, begin, end, "");
        } else if (name.spelled->kind != edit_kind::keep) {
            sink_.edit_name(*group, at, name, name.spelled->replacement, true);
        }
        return true;
    }
    return true;
}

bool name_visitor::VisitUsingDirectiveDecl(UsingDirectiveDecl* directive) {
    const NamespaceDecl* named = directive->getNominatedNamespace();
    const auto range = unit_.file_range_of(directive->getSourceRange());
    const auto name_at = unit_.file_place_of(directive->getIdentLocation());
    if (!range || !name_at || !sink_.is_legacy_scope(named->getName().str()) ||
        !named->getParent()->isTranslationUnit())
        return true;
    const unsigned end = identifier_end(unit_.text_of(name_at->file), name_at->offset);
    using_directive& known = unit_.found().directives[{range->file, range->begin}];
    known = {{range->file, range->begin},
             range->end - range->begin,
             name_at->offset,
             end - name_at->offset,
             named->getName().str()};
    known.whole_file = directive->getDeclContext()->isFileContext();
    return true;
}

bool name_visitor::VisitNamespaceAliasDecl(NamespaceAliasDecl* alias) {
    const NamespaceDecl* named = alias->getNamespace();
    const auto range = unit_.file_range_of(alias->getSourceRange());
    const auto name_at = unit_.file_place_of(alias->getTargetNameLoc());
    if (!range || !name_at || !sink_.is_legacy_scope(named->getName().str()) ||
        !named->getParent()->isTranslationUnit())
        return true;
    sink_.add_alias(alias->getName().str());
    const unsigned end = identifier_end(unit_.text_of(name_at->file), name_at->offset);
    using_directive& known = unit_.found().directives[{range->file, range->begin}];
    known = {{range->file, range->begin},
             range->end - range->begin,
             name_at->offset,
             end - name_at->offset,
             named->getName().str()};
    known.alias = alias->getName().str();
    return true;
}

}  // namespace migrate
