// SPDX-License-Identifier: Apache-2.0
#include "collect/declared_names.hpp"

#include "clang/type_arguments.hpp"

namespace migrate {

using namespace clang;

namespace {

bool is_explicit(TemplateSpecializationKind kind) {
    return kind == TSK_ExplicitInstantiationDeclaration || kind == TSK_ExplicitInstantiationDefinition;
}

}  // namespace

std::string qualified_name(const NamedDecl* declaration) {
    std::string name = declaration->getNameAsString();
    for (const DeclContext* outer = declaration->getDeclContext(); outer != nullptr; outer = outer->getParent()) {
        const auto* named = dyn_cast<NamedDecl>(outer);
        if (named == nullptr || named->getDeclName().isEmpty()) continue;
        if (const auto* space = dyn_cast<NamespaceDecl>(named); space != nullptr && space->isInline()) continue;
        name = named->getNameAsString() + "::" + name;
    }
    return name;
}

LegacyName DeclaredNames::legacy(const NamedDecl* declaration) {
    if (declaration == nullptr || declaration->getLocation().isInvalid()) return {};
    if (const auto* constructor = dyn_cast<CXXConstructorDecl>(declaration)) return legacy(constructor->getParent());
    // What `template class utils::DeviceBuffer<int>;` instantiates stands where that is written.
    if (const auto* made = dyn_cast<ClassTemplateSpecializationDecl>(declaration);
        made != nullptr && made->isExplicitInstantiationOrSpecialization() && !made->isExplicitSpecialization()) {
        declaration = made->getSpecializedTemplate();
    }
    if (!declaration->getDeclName().isIdentifier() || !is_legacy_member(declaration->getName())) return {};
    const LegacyName name = find_legacy_name(qualified_name(declaration));
    if (!name) return {};
    // A declaration of the program's own in the legacy namespace is legacy only if it merely announces the class.
    const FileKind& kind = unit_.kind_at(declaration->getLocation());
    if (kind.legacy != nullptr) return name;
    const TagDecl* tag = dyn_cast<TagDecl>(declaration);
    if (const auto* pattern = dyn_cast<ClassTemplateDecl>(declaration)) tag = pattern->getTemplatedDecl();
    if (tag == nullptr) return {};
    const TagDecl* definition = tag->getDefinition();
    if (definition == nullptr) return name;
    return unit_.kind_at(definition->getLocation()).legacy != nullptr ? name : LegacyName{};
}

bool DeclaredNames::is_legacy_class(QualType type, std::string_view qualified) {
    if (type.isNull()) return false;
    const auto* record = type.getCanonicalType()->getAsCXXRecordDecl();
    if (record == nullptr) return false;
    const LegacyName name = legacy(record);
    return name && name.spelled->legacy == qualified;
}

bool DeclaredNames::is_error_name(const NamedDecl* declaration) {
    const SourceLocation location = declaration->getLocation();
    return location.isValid() && unit_.kind_at(location).error_header;
}

bool DeclaredNames::is_made_of_legacy(const CXXRecordDecl* record) {
    if (legacy(record)) return true;
    const auto* made = dyn_cast<ClassTemplateSpecializationDecl>(record);
    return made != nullptr && mentions_legacy(&made->getTemplateArgs());
}

bool DeclaredNames::mentions_legacy(const TemplateArgumentList* types) {
    return llvm::any_of(type_arguments(types), [&](QualType each) { return mentions_legacy(each); });
}

bool DeclaredNames::mentions_legacy(QualType type) {
    if (type.isNull()) return false;
    const Type* canonical = type.getCanonicalType().getTypePtr();
    const auto [entry, fresh] = mentions_.try_emplace(canonical, false);
    if (!fresh) return entry->second;
    const bool result = find_legacy_in(canonical);
    mentions_[canonical] = result;
    return result;
}

bool DeclaredNames::find_legacy_in(const Type* canonical) {
    if (const auto* pointed = canonical->getAs<PointerType>()) return mentions_legacy(pointed->getPointeeType());
    if (const auto* referred = canonical->getAs<ReferenceType>()) return mentions_legacy(referred->getPointeeType());
    if (const auto* function = canonical->getAs<FunctionProtoType>()) {
        return mentions_legacy(function->getReturnType()) ||
               llvm::any_of(function->param_types(), [&](QualType each) { return mentions_legacy(each); });
    }
    if (const auto* elements = unit_.tree().getAsArrayType(QualType(canonical, 0)))
        return mentions_legacy(elements->getElementType());
    if (const auto* member = canonical->getAs<MemberPointerType>()) {
        // Of a class that depends on a parameter, Clang cannot say which it is.
        const auto* record = member->isDependentType() ? nullptr : member->getMostRecentCXXRecordDecl();
        return mentions_legacy(member->getPointeeType()) || (record != nullptr && is_made_of_legacy(record));
    }
    if (const auto* record = canonical->getAsCXXRecordDecl()) return is_made_of_legacy(record);
    if (const auto* dependent = canonical->getAs<TemplateSpecializationType>()) {
        const TemplateDecl* pattern = dependent->getTemplateName().getAsTemplateDecl();
        return (pattern != nullptr && legacy(pattern)) ||
               llvm::any_of(type_arguments(dependent->template_arguments()),
                            [&](QualType each) { return mentions_legacy(each); });
    }
    return false;
}

bool DeclaredNames::is_substituted(QualType type) {
    if (type.isNull()) return false;
    // As written: `T&&` collapses where T is a reference, and what is left names no parameter.
    while (!type->getAs<SubstTemplateTypeParmType>() && type->isReferenceType())
        type = type->castAs<ReferenceType>()->getPointeeTypeAsWritten();
    // A standard container's own parameter is what its user wrote.
    if (const auto* parameter = type->getAs<SubstTemplateTypeParmType>()) {
        if (unit_.is_project(parameter->getReplacedParameter()->getLocation())) return true;
        return is_substituted(parameter->getReplacementType());
    }
    const auto* written = type->getAs<TemplateSpecializationType>();
    return written != nullptr && llvm::any_of(type_arguments(written->template_arguments()),
                                              [&](QualType each) { return is_substituted(each); });
}

bool DeclaredNames::is_specialised_for_legacy(const FunctionDecl* function) {
    const auto* method = dyn_cast<CXXMethodDecl>(function);
    if (method != nullptr && is_made_of_legacy(method->getParent())) return true;
    return mentions_legacy(function->getTemplateSpecializationArgs());
}

bool DeclaredNames::is_made_elsewhere(const FunctionDecl* function) {
    const TemplateSpecializationKind kind = function->getTemplateSpecializationKind();
    if (kind == TSK_Undeclared || !is_specialised_for_legacy(function)) return false;
    const FunctionDecl* pattern = function->getTemplateInstantiationPattern();
    return kind != TSK_ImplicitInstantiation || pattern == nullptr || !pattern->isDefined();
}

bool DeclaredNames::is_made_explicitly(const FunctionDecl* function) {
    const auto* method = dyn_cast<CXXMethodDecl>(function);
    const bool with_its_class = method != nullptr && is_explicit(method->getParent()->getTemplateSpecializationKind());
    if (!is_explicit(function->getTemplateSpecializationKind()) || with_its_class) return false;
    return mentions_legacy(function->getType()) || is_specialised_for_legacy(function);
}

}  // namespace migrate
