// SPDX-License-Identifier: Apache-2.0
#include "collect/dependent_names.hpp"

namespace migrate {

using namespace clang;

namespace {

// What `*x`, `x->` and `x[i]` give of a standard smart pointer, optional or container of dependent type.
QualType element_of(QualType type) {
    const auto* written = type.isNull() ? nullptr : type.getNonReferenceType()->getAs<TemplateSpecializationType>();
    const TemplateDecl* pattern = written == nullptr ? nullptr : written->getTemplateName().getAsTemplateDecl();
    if (pattern == nullptr || !pattern->isInStdNamespace() || written->template_arguments().empty()) return {};
    const llvm::StringRef name = pattern->getName();
    const bool holds = name == "unique_ptr" || name == "shared_ptr" || name == "optional" || name == "vector" ||
                       name == "array" || name == "deque";
    const TemplateArgument& first = written->template_arguments().front();
    return holds && first.getKind() == TemplateArgument::Type ? first.getAsType() : QualType();
}

}  // namespace

const TemplateDecl* DependentNames::legacy_template(QualType type) {
    if (type.isNull()) return nullptr;
    type = type.getNonReferenceType();
    if (const auto* pointer = type->getAs<PointerType>()) type = pointer->getPointeeType();
    const TemplateDecl* pattern = nullptr;
    if (const auto* written = type->getAs<TemplateSpecializationType>()) {
        pattern = written->getTemplateName().getAsTemplateDecl();
        if (const auto* alias = dyn_cast_or_null<TypeAliasTemplateDecl>(pattern)) {
            return written->isTypeAlias() ? legacy_template(alias->getTemplatedDecl()->getUnderlyingType()) : nullptr;
        }
    } else if (const auto* inside = type->getAs<InjectedClassNameType>()) {
        pattern = inside->getDecl()->getDescribedClassTemplate();
    }
    return names_.legacy(pattern) ? pattern : nullptr;
}

const TemplateDecl* DependentNames::legacy_template_returned(const TemplateDecl* owner, DeclarationName member) {
    const auto* record = owner == nullptr ? nullptr : dyn_cast<CXXRecordDecl>(owner->getTemplatedDecl());
    if (record == nullptr) return nullptr;
    for (const NamedDecl* each : record->lookup(member)) {
        if (const auto* method = dyn_cast<CXXMethodDecl>(each)) return legacy_template(method->getReturnType());
    }
    return nullptr;
}

const TemplateDecl* DependentNames::legacy_template(const Expr* value) {
    value = value->IgnoreParenImpCasts();
    if (const auto* call = dyn_cast<CallExpr>(value)) {
        const Expr* callee = call->getCallee()->IgnoreParenImpCasts();
        if (const auto* member = dyn_cast<CXXDependentScopeMemberExpr>(callee)) {
            return legacy_template_returned(legacy_template_of_base(member), member->getMember());
        }
        if (const auto* member = dyn_cast<DependentScopeDeclRefExpr>(callee)) {
            const Type* named = qualifying_type(member);
            return named == nullptr
                       ? nullptr
                       : legacy_template_returned(legacy_template(QualType(named, 0)), member->getDeclName());
        }
        if (const auto* overloads = dyn_cast<OverloadExpr>(callee)) {
            // Whichever is meant: they all return the same.
            const TemplateDecl* returned = nullptr;
            for (const NamedDecl* each : overloads->decls()) {
                const FunctionDecl* function = each->getAsFunction();
                const TemplateDecl* one = function == nullptr ? nullptr : legacy_template(function->getReturnType());
                if (one == nullptr || (returned != nullptr && returned != one)) return nullptr;
                returned = one;
            }
            return returned;
        }
        const auto* method = dyn_cast<MemberExpr>(callee);
        const FunctionDecl* known =
            method == nullptr ? call->getDirectCallee() : method->getMemberDecl()->getAsFunction();
        if (known != nullptr) return legacy_template(known->getReturnType());
    }
    // A variable declared by `auto` is what it is made from.
    if (const auto* named = dyn_cast<DeclRefExpr>(value);
        named != nullptr && named->getDecl()->getType()->getContainedDeducedType() != nullptr) {
        const auto* variable = dyn_cast<VarDecl>(named->getDecl());
        return variable == nullptr || variable->getInit() == nullptr ? nullptr : legacy_template(variable->getInit());
    }
    if (const auto* taken = dyn_cast<UnaryOperator>(value)) {
        const Expr* operand = taken->getSubExpr();
        if (taken->getOpcode() == UO_AddrOf) return legacy_template(operand);
        if (taken->getOpcode() != UO_Deref) return nullptr;
        const TemplateDecl* element = legacy_template(element_of(operand->getType()));
        return element != nullptr ? element : legacy_template(operand);
    }
    if (const auto* indexed = dyn_cast<ArraySubscriptExpr>(value)) {
        const QualType array = indexed->getBase()->IgnoreParenImpCasts()->getType();
        if (const TemplateDecl* element = legacy_template(element_of(array))) return element;
    }
    return legacy_template(value->getType());
}

const TemplateDecl* DependentNames::legacy_template_of_base(const CXXDependentScopeMemberExpr* use) {
    if (const TemplateDecl* known = legacy_template(use->getBaseType())) return known;
    if (use->isArrow()) {
        if (const TemplateDecl* pointed = legacy_template(element_of(use->getBaseType()))) return pointed;
    }
    return use->isImplicitAccess() ? nullptr : legacy_template(use->getBase());
}

LegacyName DependentNames::member(const CXXDependentScopeMemberExpr* use) {
    if (!use->getMember().isIdentifier() || !is_legacy_member(use->getMember().getAsString())) return {};
    const TemplateDecl* owner = legacy_template_of_base(use);
    return owner == nullptr ? LegacyName{}
                            : find_legacy_name(qualified_name(owner) + "::" + use->getMember().getAsString());
}

bool DependentNames::is_reading(const CXXDependentScopeMemberExpr* use) {
    const TemplateDecl* owner = legacy_template_of_base(use);
    if (owner == nullptr && !use->getBaseType().isNull()) {
        const auto* written = use->getBaseType().getNonReferenceType()->getAs<TemplateSpecializationType>();
        owner = written == nullptr ? nullptr : written->getTemplateName().getAsTemplateDecl();
        if (owner != nullptr && !owner->isInStdNamespace()) owner = nullptr;
    }
    const auto* record = owner == nullptr ? nullptr : dyn_cast<CXXRecordDecl>(owner->getTemplatedDecl());
    if (record == nullptr) return false;
    return llvm::any_of(record->lookup(use->getMember()), [](const NamedDecl* each) {
        const auto* method = dyn_cast<CXXMethodDecl>(each);
        return method != nullptr && method->isConst();
    });
}

void DependentNames::read(const CXXDependentScopeMemberExpr* use) {
    if (!use->getMember().isIdentifier() || !is_legacy_member(use->getMember().getAsString())) return;
    if (const LegacyName name = member(use)) {
        const auto group = sink_.site_at(use->getMemberLoc(), name);
        if (group && name.spelled->kind == EditKind::rename) {
            sink_.edit_name(*group, *unit_.place_of(use->getMemberLoc()), name, name.spelled->replacement, true);
        }
    } else if (const auto at = unit_.place_of(use->getMemberLoc())) {
        unit_.found().dependent.try_emplace(*at);
        ++met_;
        const SourceManager& sources = unit_.sources();
        if (sources.isInMainFile(sources.getExpansionLoc(use->getMemberLoc()))) own_.insert(*at);
        unit_.found().dependent_groups[*at] = flow_.here();
        if (frames_.innermost().probing) unit_.found().probed.insert(*at);
    }
}

void DependentNames::read(const DependentScopeDeclRefExpr* use) {
    const Type* named = qualifying_type(use);
    const TemplateDecl* owner = named == nullptr ? nullptr : legacy_template(QualType(named, 0));
    if (owner == nullptr || !use->getDeclName().isIdentifier()) return;
    const LegacyName name = find_legacy_name(qualified_name(owner) + "::" + use->getDeclName().getAsString());
    if (!name) return;
    const auto group = sink_.site_at(use->getLocation(), name);
    if (group && name.spelled->kind == EditKind::rename) {
        sink_.edit_name(*group, *unit_.place_of(use->getLocation()), name, name.spelled->replacement, true);
    }
}

void DependentNames::note_generic(const LambdaExpr* lambda) {
    const auto has_body = [](const FunctionDecl* made) { return made->hasBody(); };
    const auto* pattern = lambda->getCallOperator()->getDescribedFunctionTemplate();
    if (!lambda->getLambdaClass()->isDependentContext() && llvm::none_of(pattern->specializations(), has_body))
        wants_bodies_ = true;
}

bool DependentNames::wants_bodies() const {
    const auto& known = unit_.found().dependent;
    return wants_bodies_ || std::ranges::any_of(own_, [&](const Place& each) { return known.at(each).empty(); });
}

}  // namespace migrate
