// SPDX-License-Identifier: Apache-2.0
#include "collect/hidden_defaults.hpp"

#include "clang/type_arguments.hpp"

namespace migrate {

using namespace clang;

namespace {

const ClassTemplateSpecializationDecl* standard_class(QualType type) {
    const auto* made = dyn_cast_or_null<ClassTemplateSpecializationDecl>(type->getAsCXXRecordDecl());
    return made != nullptr && made->isInStdNamespace() ? made : nullptr;
}

}  // namespace

bool HiddenDefaults::has_config_argument(const ClassTemplateSpecializationDecl* made) {
    return llvm::any_of(type_arguments(made), [&](QualType each) { return is_config_within(each); });
}

// A config, or what is made with its elements: an array, a pair, a tuple.
bool HiddenDefaults::is_config_within(QualType type) {
    if (type.isNull() || type->isReferenceType()) return false;
    if (const auto* elements = unit_.tree().getAsArrayType(type)) return is_config_within(elements->getElementType());
    if (names_.is_legacy_class(type, config_class)) return true;
    const auto* made = standard_class(type);
    return made != nullptr && (made->getName() == "array" || made->getName() == "pair" || made->getName() == "tuple") &&
           has_config_argument(made);
}

void HiddenDefaults::read(const CXXConstructExpr* made) {
    const auto* of_class = dyn_cast<ClassTemplateSpecializationDecl>(made->getConstructor()->getParent());
    if (of_class == nullptr || !of_class->isInStdNamespace() || !has_config_argument(of_class)) return;
    const auto written =
        llvm::count_if(made->arguments(), [](const Expr* each) { return !isa<CXXDefaultArgExpr>(each); });
    const bool by_number = written == 1 && made->getArg(0)->getType()->isIntegralType(unit_.tree());
    const bool empty = written == 0 && is_config_within(record_type(unit_.tree(), of_class));
    if (by_number || empty) sink_.refuse(flow_.here(), made->getLocation(), "default-config");
}

void HiddenDefaults::read(const CallExpr* call) {
    if (const auto* assignment = dyn_cast<CXXOperatorCallExpr>(call);
        assignment != nullptr && assignment->getOperator() == OO_Equal) {
        assigned_.insert(assignment->getArg(0)->IgnoreParenImpCasts());
    }
    const auto* method = dyn_cast_or_null<CXXMethodDecl>(call->getDirectCallee());
    const auto* owner = method == nullptr ? nullptr : dyn_cast<ClassTemplateSpecializationDecl>(method->getParent());
    if (owner == nullptr || !owner->isInStdNamespace() || !has_config_argument(owner)) return;
    // What is assigned to at once was never read.
    const bool inserts = method->getDeclName().getCXXOverloadedOperator() == OO_Subscript &&
                         owner->getName().ends_with("map") && !assigned_.contains(call);
    const bool resizes =
        method->getDeclName().isIdentifier() && method->getName() == "resize" && call->getNumArgs() == 1;
    if (inserts || resizes) sink_.refuse(flow_.here(), call->getExprLoc(), "default-config");
}

void HiddenDefaults::read(const CXXRecordDecl* record) {
    if (!record->isThisDeclarationADefinition()) return;
    for (const CXXBaseSpecifier& each : record->bases()) {
        if (is_config_within(each.getType())) sink_.refuse(flow_.key_of(record), each.getBeginLoc(), "default-config");
    }
}

}  // namespace migrate
