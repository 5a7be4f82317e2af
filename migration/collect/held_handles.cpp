// SPDX-License-Identifier: Apache-2.0
#include "collect/held_handles.hpp"

#include "text/source_text.hpp"

namespace migrate {

using namespace clang;

namespace {

const ValueDecl* named_by(const Expr* value) {
    if (const auto* variable = dyn_cast<DeclRefExpr>(value)) return variable->getDecl();
    const auto* member = dyn_cast<MemberExpr>(value);
    return member == nullptr ? nullptr : member->getMemberDecl();
}

}  // namespace

bool HeldHandles::refers_to_untyped(QualType type) {
    return type->isLValueReferenceType() && names_.is_legacy_class(type->getPointeeType(), untyped_class);
}

// Where the legacy call gave a reference and the new one gives a handle. A reference into a container, or one that a
// template spells by its parameter, stays one.
bool HeldHandles::gives_handle(const Expr* value) {
    value = value->IgnoreParenImpCasts();
    if (const auto* choice = dyn_cast<ConditionalOperator>(value))
        return gives_handle(choice->getTrueExpr()) || gives_handle(choice->getFalseExpr());
    if (const auto* pair = dyn_cast<BinaryOperator>(value); pair != nullptr && pair->getOpcode() == BO_Comma)
        return gives_handle(pair->getRHS());
    const auto* call = dyn_cast<CallExpr>(value);
    if (call == nullptr || !call->isLValue() || !names_.is_legacy_class(call->getType(), untyped_class)) return false;
    const FunctionDecl* function = call->getDirectCallee();
    if (function == nullptr) return true;  // through a pointer, whose type is spelled out
    const auto* method = dyn_cast<CXXMethodDecl>(function);
    if (method == nullptr ? function->isInStdNamespace() : method->getParent()->isInStdNamespace())
        return function->getDeclName().getCXXOverloadedOperator() == OO_Call;
    const QualType spelled = function->getDeclaredReturnType();
    return !spelled->getContainedDeducedType() && !names_.is_substituted(spelled);
}

// The handle behind the name of a variable that was a reference, or behind a call.
bool HeldHandles::is_handle(const Expr* value) {
    value = value->IgnoreParenImpCasts();
    const ValueDecl* named = named_by(value);
    if (named == nullptr) return gives_handle(value);
    if (!refers_to_untyped(named->getType())) return false;
    const auto* variable = dyn_cast<VarDecl>(named);
    const bool deduced = variable != nullptr && variable->getTypeSourceInfo() != nullptr &&
                         variable->getTypeSourceInfo()->getType()->getContainedDeducedType() != nullptr;
    if (!deduced) return !names_.is_substituted(named->getType());
    return variable->getInit() != nullptr && !variable->isCXXForRangeDecl() && is_handle(variable->getInit());
}

// auto& b = manager.get_or_create_buffer(...): the handle comes by value.
void HeldHandles::read(const VarDecl* variable) {
    const QualType type = variable->getType();
    if (!refers_to_untyped(type) || type->getPointeeType().isConstQualified() || variable->getInit() == nullptr) return;
    if (variable->isCXXForRangeDecl() || !gives_handle(variable->getInit())) return;
    const auto referred = variable->getTypeSourceInfo()->getTypeLoc().getAs<ReferenceTypeLoc>();
    const auto sigil = referred ? unit_.place_of(referred.getSigilLoc()) : std::nullopt;
    if (!sigil || !referred.getPointeeLoc().getUnqualifiedLoc().getAs<AutoTypeLoc>()) return;
    const std::string& text = unit_.text_of(sigil->file);
    const bool glued = is_identifier_character(text[sigil->offset + 1]) && sigil->offset > 0 &&
                       is_identifier_character(text[sigil->offset - 1]);
    sink_.put(flow_.here(), sigil->file, sigil->offset, sigil->offset + 1, glued ? " " : "");
}

// A buffer cannot be put in another's place, or taken away, through a handle.
void HeldHandles::read(const CallExpr* call) {
    const FunctionDecl* function = call->getDirectCallee();
    if (function == nullptr || call->getNumArgs() == 0) return;
    const auto* method = dyn_cast<CXXMethodDecl>(function);
    const bool assigns = method != nullptr && function->getDeclName().getCXXOverloadedOperator() == OO_Equal &&
                         names_.is_legacy_class(record_type(unit_.tree(), method->getParent()), untyped_class);
    const bool named = method == nullptr && function->isInStdNamespace() && function->getDeclName().isIdentifier();
    const bool moves = named && (function->getName() == "move" || function->getName() == "swap" ||
                                 function->getName() == "exchange" || function->getName() == "forward");
    if (!assigns && !moves) return;
    for (const Expr* each : call->arguments()) {
        if (names_.is_legacy_class(each->getType(), untyped_class) && is_handle(each))
            return sink_.refuse(flow_.here(), call->getExprLoc(), "unsupported");
        if (assigns) return;  // what is assigned is moved, and seen there
    }
}

// A buffer that an object owns has an address, what a handle stands for has none. Where pointers come from nobody
// follows, so all of the program's go together.
void HeldHandles::read(const UnaryOperator* taken) {
    const Expr* operand = taken->getSubExpr()->IgnoreParenImpCasts();
    if (taken->getOpcode() != UO_AddrOf || !names_.is_legacy_class(operand->getType(), untyped_class)) return;
    unit_.found().together.unite(flow_.here(), unit_.found().together.of(untyped_pointers));
    if (!is_handle(operand)) return;
    const auto* call = dyn_cast<CXXMemberCallExpr>(operand);
    const auto* called = call == nullptr ? nullptr : dyn_cast<MemberExpr>(call->getCallee()->IgnoreParenImpCasts());
    const SourceLocation at = called == nullptr ? taken->getExprLoc() : called->getMemberLoc();
    unit_.found().block(flow_.here(), "pointer", unit_.place_of(at).value_or(Place{}));
}

}  // namespace migrate
