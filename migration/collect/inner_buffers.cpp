// SPDX-License-Identifier: Apache-2.0
#include "collect/inner_buffers.hpp"

namespace migrate {

using namespace clang;

namespace {

// What stands for the parameter in every unit.
std::string kept_by(const FunctionDecl* function, unsigned index) {
    return "the name and the size of what argument " + std::to_string(index + 1) + " of " +
           function->getQualifiedNameAsString() + " is the inside of, as " + function->getType().getAsString();
}

}  // namespace

bool InnerBuffers::is_device_buffer(QualType type) {
    return names_.is_legacy_class(type.getNonReferenceType(), "utils::DeviceBuffer");
}

const CXXMemberCallExpr* InnerBuffers::origin_of(const Expr* value, unsigned depth) {
    value = value->IgnoreParenImpCasts();
    if (depth > max_steps || !is_device_buffer(value->getType())) return nullptr;
    if (const auto* named = dyn_cast<DeclRefExpr>(value)) {
        const auto* variable = dyn_cast<VarDecl>(named->getDecl());
        const bool passes_on = variable != nullptr && !isa<ParmVarDecl>(variable) && variable->getInit() != nullptr &&
                               variable->getType()->isLValueReferenceType();
        return passes_on ? origin_of(variable->getInit(), depth + 1) : nullptr;
    }
    const auto* call = dyn_cast<CallExpr>(value);
    const FunctionDecl* function = call == nullptr ? nullptr : call->getDirectCallee();
    if (function == nullptr) return nullptr;
    const LegacyName name = names_.legacy(function);
    if (name && name.spelled->legacy == "utils::ManagedDeviceBuffer::as_device_buffer_mut")
        return dyn_cast<CXXMemberCallExpr>(call);
    const FunctionDecl* definition = nullptr;
    if (!function->getReturnType()->isLValueReferenceType() || !function->hasBody(definition)) return nullptr;
    const auto* body = dyn_cast<CompoundStmt>(definition->getBody());
    const auto* returned = body == nullptr || body->size() != 1 ? nullptr : dyn_cast<ReturnStmt>(body->body_front());
    return returned == nullptr || returned->getRetValue() == nullptr ? nullptr
                                                                     : origin_of(returned->getRetValue(), depth + 1);
}

void InnerBuffers::note_given(const std::string& kept, const CXXMemberCallExpr* inner) {
    const auto at = unit_.place_of(inner->getExprLoc());
    if (!at) return;
    unit_.found().told_apart[kept]["utils::ManagedDeviceBuffer"].insert("S:" + at->file + ":" +
                                                                        std::to_string(at->offset));
}

void InnerBuffers::note_replaced(const Expr* target) {
    target = target->IgnoreParenImpCasts();
    if (!is_device_buffer(target->getType())) return;
    std::string kept;
    if (const auto* named = dyn_cast<DeclRefExpr>(target)) {
        const auto* parameter = dyn_cast<ParmVarDecl>(named->getDecl());
        const auto* function = parameter == nullptr ? nullptr : dyn_cast<FunctionDecl>(parameter->getDeclContext());
        if (function != nullptr && parameter->getType()->isLValueReferenceType())
            kept = kept_by(function, parameter->getFunctionScopeIndex());
    }
    if (kept.empty()) {
        const CXXMemberCallExpr* inner = origin_of(target);
        if (inner == nullptr) return;
        kept = "the name and the size of a managed buffer whose inside is replaced";
        note_given(kept, inner);
    }
    unit_.found().told_apart[kept]["utils::DeviceBuffer"].insert("R:" + kept);
}

void InnerBuffers::read(const CallExpr* call) {
    const FunctionDecl* function = call->getDirectCallee();
    if (function == nullptr) return;
    const auto* method = dyn_cast<CXXMethodDecl>(function);
    const bool assigns =
        method != nullptr && (method->isCopyAssignmentOperator() || method->isMoveAssignmentOperator());
    const bool named = method == nullptr && function->isInStdNamespace() && function->getDeclName().isIdentifier();
    const bool moves = named && (function->getName() == "move" || function->getName() == "swap" ||
                                 function->getName() == "exchange" || function->getName() == "forward");
    for (unsigned each = 0; each < call->getNumArgs(); ++each) {
        if (moves || (assigns && each == 0)) note_replaced(call->getArg(each));
        const unsigned index = each - unsigned{method != nullptr && isa<CXXOperatorCallExpr>(call)};
        if (moves || assigns || index >= function->getNumParams()) continue;
        const QualType taken = function->getParamDecl(index)->getType();
        if (!taken->isLValueReferenceType() || taken->getPointeeType().isConstQualified()) continue;
        if (const CXXMemberCallExpr* inner = origin_of(call->getArg(each))) note_given(kept_by(function, index), inner);
    }
}

}  // namespace migrate
