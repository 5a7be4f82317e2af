// SPDX-License-Identifier: Apache-2.0
// Names of types, wherever they are spelled, and the edits of names in general.
#include "collect/name_visitor_scope.hpp"
#include "text/source_text.hpp"

namespace migrate {

using namespace clang;

void name_visitor::put_type(groups::key group, const std::string& file, unsigned begin, unsigned end,
                            const std::string& before, const std::string& replacement, legacy_name name) {
    edit wanted;
    wanted.file = file;
    wanted.offset = begin;
    wanted.length = end - begin;
    wanted.text = before + replacement;
    wanted.group = group;
    if (const std::string_view type = transition_type_of(name.spelled->legacy); !type.empty()) {
        const std::string_view manager = "default_manager().";
        const std::string plain = replacement.starts_with(manager) ? replacement.substr(manager.size()) : replacement;
        wanted.stand_in = before + "transition::" + plain;
        wanted.stand_in_for = type;
    }
    found_.edits.add(wanted);
}

void name_visitor::put(groups::key group, const std::string& file, unsigned begin, unsigned end, std::string text,
                       int order) {
    edit wanted;
    wanted.file = file;
    wanted.offset = begin;
    wanted.length = end - begin;
    wanted.text = std::move(text);
    wanted.group = group;
    wanted.order = order;
    found_.edits.add(wanted);
}

void name_visitor::refuse(groups::key group, SourceLocation location, std::string_view reason) {
    auto at = place_of(location);
    if (!at || !found_.sites.contains(*at)) at = place_of(sources_.getFileLoc(location));
    found_.leave(group, std::string(reason), at.value_or(place{}));
    if (found_.together.why_blocked(group).empty()) return;
    for (const FunctionDecl* each : functions_) {
        if (const auto made = instantiation_key(each)) found_.block(*made, std::string(reason), {});
    }
}

void name_visitor::edit_name(groups::key group, const place& at, legacy_name name, std::string_view replacement,
                             bool through_using, bool always_scoped) {
    const std::string& text = text_of(at.file);
    const unsigned end = identifier_end(text, at.offset);
    const edit_kind kind = name.spelled->kind;
    if (kind == edit_kind::rename || kind == edit_kind::handle_call) {
        put(group, at.file, at.offset, end, std::string(replacement));
        return;
    }
    const written_scope written = scope_before(text, at.offset);
    const bool namespaces = std::ranges::all_of(written.names, [&](const auto& each) {
        return scopes_.contains(each) || each == "triune" || each == "transition";
    });
    if (!written.names.empty() && !namespaces) {
        // Found through a class: `Layout::UnifiedGPUCompute`. The qualifier stays.
        put(group, at.file, at.offset, end, std::string(replacement));
    } else if (!written.names.empty() || written.global) {
        put_type(group, at.file, written.begin, end, "triune::", std::string(replacement), name);
    } else if (through_using && !always_scoped) {
        put(group, at.file, at.offset, end, std::string(replacement));
    } else {
        put_type(group, at.file, at.offset, end, std::string(1, scope_mark), std::string(replacement), name);
    }
}

bool name_visitor::in_scope_of_base(SourceLocation location, const NamedDecl* named) {
    if (records_.empty()) return false;
    const CXXRecordDecl* record = records_.back();
    const CXXRecordDecl* definition = record->getDefinition();
    if (definition == nullptr || definition->isDependentType()) return false;
    // In the list of bases the class is not entered yet.
    if (sources_.isBeforeInTranslationUnit(definition->getBeginLoc(), location) &&
        sources_.isBeforeInTranslationUnit(location, definition->getBraceRange().getBegin())) {
        return false;
    }
    const auto* wanted = dyn_cast<CXXRecordDecl>(named);
    return wanted != nullptr && wanted->hasDefinition() && definition->isDerivedFrom(wanted);
}

bool name_visitor::VisitTypeLoc(TypeLoc type) {
    const auto innermost = [](TypeLoc at) { return named_type(at.getUnqualifiedLoc()); };
    // What stands there may be the parameter of a template, and any other type elsewhere.
    const auto is_untyped = [&](TypeLoc at) {
        return !at.getAs<SubstTemplateTypeParmTypeLoc>() && is_legacy_class(at.getType(), "gpu::DynamicGpuBuffer");
    };
    if (const auto referred = type.getAs<ReferenceTypeLoc>()) {
        const TypeLoc pointee = innermost(referred.getPointeeLoc());
        const auto at = pointee.isNull() ? std::nullopt : place_of(pointee.getBeginLoc());
        // `DynamicGpuBuffer&&` takes the buffer over.
        const bool refers = !type.getAs<RValueReferenceTypeLoc>() && !pointee.getAs<AutoTypeLoc>();
        if (at && refers && is_untyped(pointee)) {
            handles_.insert(*place_of(pointee.getEndLoc()));
            const bool constant = referred.getPointeeLoc().getType().isConstQualified();
            const auto sigil = place_of(referred.getSigilLoc());
            // A constant reference is fine as a parameter; elsewhere it would outlive the handle that a call returned.
            if (sigil && (!constant || !is_parameter_)) {
                // `Buffer& b` keeps its space: `Handle b`.
                const std::string& text = text_of(sigil->file);
                unsigned begin = sigil->offset;
                const unsigned end = begin + 1;
                const bool glued = end < text.size() && is_identifier_character(text[end]);
                while (!glued && begin > 0 && text[begin - 1] == ' ') --begin;
                put(found_.together.of("S:" + at->file + ":" + std::to_string(place_of(pointee.getEndLoc())->offset)),
                    sigil->file, begin, end, "");
            }
        }
        return true;
    }
    if (const auto pointed = type.getAs<PointerTypeLoc>()) {
        const TypeLoc pointee = innermost(pointed.getPointeeLoc());
        const auto at = pointee.isNull() ? std::nullopt : place_of(pointee.getEndLoc());
        if (at && is_untyped(pointee) && !pointee.getAs<AutoTypeLoc>()) pointers_.insert(*at);
        return true;
    }
    NamedDecl* declaration = nullptr;
    bool through_using = false;
    SourceLocation location = type.getBeginLoc();
    if (const auto tag = type.getAs<TagTypeLoc>()) {
        declaration = tag.getDecl();
        location = tag.getNameLoc();
    } else if (const auto alias = type.getAs<TypedefTypeLoc>()) {
        declaration = alias.getTypePtr()->getDecl();
        location = alias.getNameLoc();
    } else if (const auto shadowed = type.getAs<UsingTypeLoc>()) {
        link_using(found_through(shadowed));
        declaration = found_through(shadowed)->getTargetDecl();
        location = shadowed.getNameLoc();
        through_using = true;
    } else if (const auto made = type.getAs<TemplateSpecializationTypeLoc>()) {
        const TemplateName pattern = made.getTypePtr()->getTemplateName();
        declaration = pattern.getAsTemplateDecl();
        through_using = pattern.getAsUsingShadowDecl() != nullptr;
        link_using(pattern.getAsUsingShadowDecl());
        location = made.getTemplateNameLoc();
    } else if (const auto deduced = type.getAs<DeducedTemplateSpecializationTypeLoc>()) {
        const TemplateName pattern = deduced.getTypePtr()->getTemplateName();
        declaration = pattern.getAsTemplateDecl();
        through_using = pattern.getAsUsingShadowDecl() != nullptr;
        link_using(pattern.getAsUsingShadowDecl());
        location = deduced.getTemplateNameLoc();
    } else if (const auto injected = type.getAs<InjectedClassNameTypeLoc>()) {
        declaration = injected.getDecl();
        location = injected.getNameLoc();
    }
    if (declaration != nullptr && location.isValid()) edit_type(type.getType(), declaration, location, through_using);
    return true;
}

// A template that is an argument: `wrapper<utils::DeviceBuffer>`.
bool name_visitor::TraverseTemplateArgumentLoc(const TemplateArgumentLoc& argument) {
    if (argument.getArgument().getKind() == TemplateArgument::Template) {
        const TemplateName named = argument.getArgument().getAsTemplate();
        const legacy_name name = legacy(named.getAsTemplateDecl());
        const SourceLocation location = argument.getTemplateNameLoc();
        link_using(named.getAsUsingShadowDecl());
        const auto group = name ? name_use(location, name) : std::nullopt;
        const bool through_using = named.getAsUsingShadowDecl() != nullptr;
        if (group) edit_name(*group, *place_of(location), name, name.spelled->replacement, through_using);
    }
    return walker::TraverseTemplateArgumentLoc(argument);
}

void name_visitor::edit_type(QualType type, NamedDecl* declaration, SourceLocation location, bool through_using) {
    const legacy_name name = legacy(declaration);
    if (!name) {
        note_staying(declaration, location, through_using);
        // A use of the program's own alias of a legacy type changes with the alias.
        const SourceLocation declared = sources_.getExpansionLoc(declaration->getLocation());
        if ((isa<TypedefNameDecl>(declaration) || isa<TypeAliasTemplateDecl>(declaration)) && declared.isValid() &&
            mentions_legacy(type) && kind_of(sources_.getFileID(declared)).project) {
            found_.together.unite(here(), key_of(declaration));
            if (const auto pointer = place_of(location); pointer && pointers_.contains(*pointer)) {
                found_.block(here(), "pointer", *pointer);
            }
        }
        return;
    }
    const auto group = name_use(location, name);
    if (!group) return;
    const place at = *place_of(location);
    std::string_view replacement = name.spelled->replacement;
    if (name.spelled->kind == edit_kind::keep) return;
    if (name.spelled->kind == edit_kind::untyped_owner) {
        if (pointers_.contains(at)) return refuse(*group, location, "pointer");
        if (handles_.contains(at)) replacement = "UntypedHandle";
        if (factories_.contains(at)) replacement = "default_manager().make_untyped";
    }
    // `p->~DeviceBuffer()` finds the name through its object.
    const std::string& text = text_of(at.file);
    const unsigned before = previous_character(text, at.offset);
    const bool destructor = before < text.size() && text[before] == '~';
    const bool plain = destructor || (through_using && !handles_.contains(at) && !factories_.contains(at));
    edit_name(*group, at, name, replacement, plain || in_scope_of_base(location, declaration));
}

}  // namespace migrate
