// SPDX-License-Identifier: Apache-2.0
#include "collect/type_names.hpp"

#include "text/source_text.hpp"

namespace migrate {

using namespace clang;

bool TypeNames::in_scope_of_base(SourceLocation location, const NamedDecl* named) {
    const CXXRecordDecl* record = frames_.innermost().record;
    const CXXRecordDecl* definition = record == nullptr ? nullptr : record->getDefinition();
    if (definition == nullptr || definition->isDependentType()) return false;
    // In the list of bases the class is not entered yet.
    if (unit_.sources().isBeforeInTranslationUnit(definition->getBeginLoc(), location) &&
        unit_.sources().isBeforeInTranslationUnit(location, definition->getBraceRange().getBegin())) {
        return false;
    }
    const auto* wanted = dyn_cast<CXXRecordDecl>(named);
    return wanted != nullptr && wanted->hasDefinition() && definition->isDerivedFrom(wanted);
}

void TypeNames::read(TypeLoc type) {
    const auto innermost = [](TypeLoc at) { return named_type(at.getUnqualifiedLoc()); };
    // What stands there may be the parameter of a template, and any other type elsewhere.
    const auto is_untyped = [&](TypeLoc at) {
        return !at.getAs<SubstTemplateTypeParmTypeLoc>() &&
               names_.is_legacy_class(at.getType(), "gpu::DynamicGpuBuffer");
    };
    if (const auto referred = type.getAs<ReferenceTypeLoc>()) {
        const TypeLoc pointee = innermost(referred.getPointeeLoc());
        const auto at = pointee.isNull() ? std::nullopt : unit_.place_of(pointee.getBeginLoc());
        // `DynamicGpuBuffer&&` takes the buffer over.
        const bool refers = !type.getAs<RValueReferenceTypeLoc>() && !pointee.getAs<AutoTypeLoc>();
        if (at && refers && is_untyped(pointee)) {
            handles_.insert(*unit_.place_of(pointee.getEndLoc()));
            const bool constant = referred.getPointeeLoc().getType().isConstQualified();
            const auto sigil = unit_.place_of(referred.getSigilLoc());
            // A constant reference is fine as a parameter; elsewhere it would outlive the handle that a call returned.
            if (sigil && (!constant || !declarators_.is_parameter())) {
                // `Buffer& b` keeps its space: `Handle b`.
                const std::string& text = unit_.text_of(sigil->file);
                unsigned begin = sigil->offset;
                const unsigned end = begin + 1;
                const bool glued = end < text.size() && is_identifier_character(text[end]);
                while (!glued && begin > 0 && text[begin - 1] == ' ') --begin;
                sink_.put(key_at(*unit_.place_of(pointee.getEndLoc())), sigil->file, begin, end, "");
            }
        }
        return;
    }
    const NamedDecl* declaration = nullptr;
    bool through_using = false;
    SourceLocation location = type.getBeginLoc();
    if (const auto tag = type.getAs<TagTypeLoc>()) {
        declaration = tag.getDecl();
        location = tag.getNameLoc();
    } else if (const auto alias = type.getAs<TypedefTypeLoc>()) {
        declaration = alias.getTypePtr()->getDecl();
        location = alias.getNameLoc();
    } else if (const auto shadowed = type.getAs<UsingTypeLoc>()) {
        flow_.link_using(found_through(shadowed));
        declaration = found_through(shadowed)->getTargetDecl();
        location = shadowed.getNameLoc();
        through_using = true;
    } else if (const auto made = type.getAs<TemplateSpecializationTypeLoc>()) {
        const TemplateName pattern = made.getTypePtr()->getTemplateName();
        declaration = pattern.getAsTemplateDecl();
        through_using = pattern.getAsUsingShadowDecl() != nullptr;
        flow_.link_using(pattern.getAsUsingShadowDecl());
        location = made.getTemplateNameLoc();
    } else if (const auto deduced = type.getAs<DeducedTemplateSpecializationTypeLoc>()) {
        const TemplateName pattern = deduced.getTypePtr()->getTemplateName();
        declaration = pattern.getAsTemplateDecl();
        through_using = pattern.getAsUsingShadowDecl() != nullptr;
        flow_.link_using(pattern.getAsUsingShadowDecl());
        location = deduced.getTemplateNameLoc();
    } else if (const auto injected = type.getAs<InjectedClassNameTypeLoc>()) {
        declaration = injected.getDecl();
        location = injected.getNameLoc();
    }
    if (declaration != nullptr && location.isValid()) edit(type.getType(), declaration, location, through_using);
}

// A template that is an argument: `wrapper<utils::DeviceBuffer>`.
void TypeNames::read(const TemplateArgumentLoc& argument) {
    if (argument.getArgument().getKind() == TemplateArgument::Template) {
        const TemplateName named = argument.getArgument().getAsTemplate();
        const LegacyName name = names_.legacy(named.getAsTemplateDecl());
        const SourceLocation location = argument.getTemplateNameLoc();
        flow_.link_using(named.getAsUsingShadowDecl());
        const auto group = name ? sink_.site_at(location, name) : std::nullopt;
        const bool through_using = named.getAsUsingShadowDecl() != nullptr;
        if (group) sink_.edit_name(*group, *unit_.place_of(location), name, name.spelled->replacement, through_using);
    }
}

Groups::Key TypeNames::key_at(const Place& at) {
    return unit_.found().together.of("S:" + at.file + ":" + std::to_string(at.offset));
}

// The program's own name of the class goes on to name what owns a buffer; what is none there is written out.
void TypeNames::write_out(const Place& at, const std::string& replacement) {
    const std::string& text = unit_.text_of(at.file);
    unit_.found().together.unite(flow_.here(), key_at(at));
    sink_.put(key_at(at), at.file, scope_before(text, at.offset).begin, identifier_end(text, at.offset),
              "triune::" + replacement);
}

void TypeNames::edit(QualType type, const NamedDecl* declaration, SourceLocation location, bool through_using) {
    const LegacyName name = names_.legacy(declaration);
    if (!name) {
        sink_.note_staying(declaration, location, through_using);
        // A use of the program's own alias of a legacy type changes with the alias.
        if (isa<TypedefNameDecl, TypeAliasTemplateDecl>(declaration) && names_.mentions_legacy(type) &&
            unit_.is_project(declaration->getLocation())) {
            unit_.found().together.unite(flow_.here(), flow_.key_of(declaration));
            const auto at = unit_.place_of(location);
            if (at && names_.is_legacy_class(type, untyped_class)) {
                if (handles_.contains(*at)) write_out(*at, "UntypedHandle");
                if (factories_.contains(*at)) write_out(*at, "default_manager().make_untyped");
            }
        }
        return;
    }
    const auto group = sink_.site_at(location, name);
    if (!group) return;
    const Place at = *unit_.place_of(location);
    std::string_view replacement = name.spelled->replacement;
    if (name.spelled->kind == EditKind::keep) return;
    if (name.spelled->kind == EditKind::untyped_owner) {
        if (handles_.contains(at)) replacement = "UntypedHandle";
        if (factories_.contains(at)) replacement = "default_manager().make_untyped";
    }
    // `p->~DeviceBuffer()` finds the name through its object.
    const std::string& text = unit_.text_of(at.file);
    const unsigned before = previous_character(text, at.offset);
    const bool destructor = before < text.size() && text[before] == '~';
    const bool plain = destructor || (through_using && !handles_.contains(at) && !factories_.contains(at));
    sink_.edit_name(*group, at, name, replacement, plain || in_scope_of_base(location, declaration));
}

}  // namespace migrate
