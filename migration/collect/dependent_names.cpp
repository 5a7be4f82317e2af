// SPDX-License-Identifier: Apache-2.0
// Names that depend on a template parameter: what they mean as far as the legacy templates' own signatures say. A
// `DeviceBuffer<T>` has the members of its template, and what those return is known too, whatever T is.
#include "collect/name_visitor.hpp"

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

const TemplateDecl* name_visitor::legacy_template(QualType type) {
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

const TemplateDecl* name_visitor::legacy_template_returned(const TemplateDecl* owner, DeclarationName member) {
    const auto* record = owner == nullptr ? nullptr : dyn_cast<CXXRecordDecl>(owner->getTemplatedDecl());
    if (record == nullptr) return nullptr;
    for (const NamedDecl* each : record->lookup(member)) {
        if (const auto* method = dyn_cast<CXXMethodDecl>(each)) return legacy_template(method->getReturnType());
    }
    return nullptr;
}

const TemplateDecl* name_visitor::legacy_template(const Expr* value) {
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

const TemplateDecl* name_visitor::legacy_template_of_base(const CXXDependentScopeMemberExpr* use) {
    if (const TemplateDecl* known = legacy_template(use->getBaseType())) return known;
    if (use->isArrow()) {
        if (const TemplateDecl* pointed = legacy_template(element_of(use->getBaseType()))) return pointed;
    }
    return use->isImplicitAccess() ? nullptr : legacy_template(use->getBase());
}

legacy_name name_visitor::dependent_member(const CXXDependentScopeMemberExpr* use) {
    if (!use->getMember().isIdentifier() || !is_legacy_member(use->getMember().getAsString())) return {};
    const TemplateDecl* owner = legacy_template_of_base(use);
    return owner == nullptr ? legacy_name{}
                            : find_legacy_name(qualified_name(owner) + "::" + use->getMember().getAsString());
}

bool name_visitor::is_reading(const CXXDependentScopeMemberExpr* use) {
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

bool name_visitor::VisitCXXDependentScopeMemberExpr(CXXDependentScopeMemberExpr* use) {
    if (!use->getMember().isIdentifier() || !is_legacy_member(use->getMember().getAsString())) return true;
    if (const legacy_name name = dependent_member(use)) {
        const auto group = sink_.site_at(use->getMemberLoc(), name);
        if (group && name.spelled->kind == edit_kind::rename) {
            sink_.edit_name(*group, *unit_.place_of(use->getMemberLoc()), name, name.spelled->replacement, true);
        }
    } else if (const auto at = unit_.place_of(use->getMemberLoc())) {
        unit_.found().dependent.try_emplace(*at);
        ++open_names_;
        unit_.found().dependent_groups[*at] = flow_.here();
        if (frames_.innermost().probing) unit_.found().probed.insert(*at);
    }
    return true;
}

bool name_visitor::VisitDependentScopeDeclRefExpr(DependentScopeDeclRefExpr* use) {
    const Type* named = qualifying_type(use);
    const TemplateDecl* owner = named == nullptr ? nullptr : legacy_template(QualType(named, 0));
    if (owner == nullptr || !use->getDeclName().isIdentifier()) return true;
    const legacy_name name = find_legacy_name(qualified_name(owner) + "::" + use->getDeclName().getAsString());
    if (!name) return true;
    const auto group = sink_.site_at(use->getLocation(), name);
    if (group && name.spelled->kind == edit_kind::rename) {
        sink_.edit_name(*group, *unit_.place_of(use->getLocation()), name, name.spelled->replacement, true);
    }
    return true;
}

// What a generic lambda is instantiated for hangs on its closure class, which no walk of the tree enters.
bool name_visitor::TraverseLambdaExpr(LambdaExpr* lambda) {
    const CXXMethodDecl* called = lambda->getCallOperator();
    flow_.link_lambda(called);
    const std::size_t before = open_names_;
    if (!walker::TraverseLambdaExpr(lambda)) return false;
    FunctionTemplateDecl* pattern = called->getDescribedFunctionTemplate();
    if (pattern == nullptr) return true;
    const bool open = open_names_ > before && !lambda->getLambdaClass()->isDependentContext();
    const auto has_body = [](const FunctionDecl* made) { return made->hasBody(); };
    if (open && llvm::none_of(pattern->specializations(), has_body)) wants_bodies_ = true;
    for (FunctionDecl* made : pattern->specializations()) {
        const Frames::Scope entered = frames_.enter_instance(made);
        bool result = true;
        for (ParmVarDecl* each : made->parameters()) result = result && TraverseDecl(each);
        if (made->hasBody()) result = result && TraverseStmt(made->getBody());
        if (!result) return false;
    }
    return true;
}

}  // namespace migrate
