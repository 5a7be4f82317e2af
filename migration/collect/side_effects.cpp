// SPDX-License-Identifier: Apache-2.0
#include "collect/side_effects.hpp"

namespace migrate {

using namespace clang;

bool SideEffects::any_in(const Expr* expression) {
    expression = expression->IgnoreImplicit()->IgnoreParenImpCasts();
    if (!expression->HasSideEffects(unit_.tree())) return false;
    // Clang calls every call and construction an effect. Those of the standard containers and strings, read from or
    // copied, can be exchanged with anything that does not change their operands.
    if (const auto* made = dyn_cast<CXXConstructExpr>(expression)) {
        const bool standard = made->getConstructor()->getParent()->isInStdNamespace();
        return !standard || std::ranges::any_of(made->arguments(), [&](const Expr* each) { return any_in(each); });
    }
    if (const auto* cast = dyn_cast<CastExpr>(expression)) return any_in(cast->getSubExpr());
    if (const auto* bound = dyn_cast<CXXBindTemporaryExpr>(expression)) return any_in(bound->getSubExpr());
    if (const auto* kept = dyn_cast<MaterializeTemporaryExpr>(expression)) return any_in(kept->getSubExpr());
    if (const auto* defaulted = dyn_cast<CXXDefaultArgExpr>(expression)) return any_in(defaulted->getExpr());
    if (const auto* operation = dyn_cast<BinaryOperator>(expression)) {
        return operation->isAssignmentOp() || any_in(operation->getLHS()) || any_in(operation->getRHS());
    }
    if (const auto* list = dyn_cast<InitListExpr>(expression)) {
        return std::ranges::any_of(list->inits(), [&](const Expr* each) { return any_in(each); });
    }
    if (const auto* list = dyn_cast<CXXStdInitializerListExpr>(expression)) return any_in(list->getSubExpr());
    if (const auto* call = dyn_cast<CXXMemberCallExpr>(expression)) {
        const CXXMethodDecl* method = call->getMethodDecl();
        const bool reads = method != nullptr && method->isConst() &&
                           (method->getParent()->isInStdNamespace() || names_.legacy(method));
        if (!reads || any_in(call->getImplicitObjectArgument())) return true;
        return std::ranges::any_of(call->arguments(), [&](const Expr* each) { return any_in(each); });
    }
    if (const auto* member = dyn_cast<MemberExpr>(expression)) return any_in(member->getBase());
    if (const auto* call = dyn_cast<CallExpr>(expression)) {
        if (const auto* member = dyn_cast<CXXDependentScopeMemberExpr>(call->getCallee()->IgnoreParenImpCasts())) {
            const bool reads =
                !member->isImplicitAccess() && dependent_.is_reading(member) && !any_in(member->getBase());
            return !reads || std::ranges::any_of(call->arguments(), [&](const Expr* each) { return any_in(each); });
        }
        const FunctionDecl* function = call->getDirectCallee();
        if (function == nullptr || !function->isInStdNamespace()) return true;
        const auto name = function->getDeclName();
        const bool pure = name.getCXXOverloadedOperator() == OO_Plus ||
                          name.getCXXOverloadedOperator() == OO_Subscript ||
                          (name.isIdentifier() && (name.getAsString() == "to_string" || name.getAsString() == "move" ||
                                                   name.getAsString() == "max" || name.getAsString() == "min"));
        return !pure || std::ranges::any_of(call->arguments(), [&](const Expr* each) { return any_in(each); });
    }
    return true;
}

}  // namespace migrate
