// SPDX-License-Identifier: Apache-2.0
#include "collect/held_handles.hpp"

#include "clang/lambda_lifetime.hpp"
#include "clang/returns.hpp"
#include "clang/type_arguments.hpp"
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
    return variable == nullptr ? !names_.is_substituted(named->getType()) : is_variable_handle(variable);
}

bool HeldHandles::is_variable_handle(const VarDecl* variable) {
    const bool deduced = variable->getTypeSourceInfo() != nullptr &&
                         variable->getTypeSourceInfo()->getType()->getContainedDeducedType() != nullptr;
    if (!deduced) return !names_.is_substituted(variable->getType());
    return variable->getInit() != nullptr && !variable->isCXXForRangeDecl() && is_handle(variable->getInit());
}

// What may refer to a handle that it does not hold: a template's own reference, or what one returned that was given a
// handle. Such a reference stays one.
bool HeldHandles::may_be_handle(const Expr* value) {
    value = value->IgnoreParenImpCasts();
    if (is_handle(value)) return true;
    if (const auto* made = dyn_cast<MaterializeTemporaryExpr>(value)) return may_be_handle(made->getSubExpr());
    if (const auto* choice = dyn_cast<ConditionalOperator>(value))
        return may_be_handle(choice->getTrueExpr()) || may_be_handle(choice->getFalseExpr());
    if (const auto* pair = dyn_cast<BinaryOperator>(value); pair != nullptr && pair->getOpcode() == BO_Comma)
        return may_be_handle(pair->getRHS());
    if (const auto* cast = dyn_cast<ExplicitCastExpr>(value)) return may_be_handle(cast->getSubExpr());
    if (const ValueDecl* named = named_by(value)) return may_refer_to_handle(named);
    const auto* call = dyn_cast<CallExpr>(value);
    return call != nullptr && passes_on(call) &&
           llvm::any_of(call->arguments(), [&](const Expr* each) { return may_be_handle(each); });
}

bool HeldHandles::may_refer_to_handle(const ValueDecl* named) {
    if (!refers_to_untyped(named->getType())) return false;
    const auto* variable = dyn_cast<VarDecl>(named);
    if (variable == nullptr || isa<ParmVarDecl>(variable)) return true;
    return is_variable_handle(variable) ||
           (variable->getInit() != nullptr && !variable->isCXXForRangeDecl() && may_be_handle(variable->getInit()));
}

// The reference that comes back may be one to an argument.
bool HeldHandles::passes_on(const CallExpr* call) {
    return call->isGLValue() && names_.is_legacy_class(call->getType(), untyped_class) && !gives_handle(call);
}

// auto& b = manager.get_or_create_buffer(...): the handle comes by value.
void HeldHandles::read(const VarDecl* variable) {
    const QualType type = variable->getType();
    refuse_outliving(variable);
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

// A reference that was one to the buffer would be one to a handle that is gone: where it is static, and where the
// handle is the result of a call in it.
void HeldHandles::refuse_outliving(const VarDecl* variable) {
    const Expr* init = variable->getInit();
    if (init == nullptr || isa<ParmVarDecl>(variable) || variable->isCXXForRangeDecl()) return;
    if (!variable->getType()->isReferenceType() ||
        !names_.is_legacy_class(variable->getType()->getPointeeType(), untyped_class) || is_variable_handle(variable))
        return;
    if (variable->hasGlobalStorage() ? may_be_handle(init) : passes_on_temporary(init))
        refuse_longer_reference(variable, variable->getLocation());
}

bool HeldHandles::passes_on_temporary(const Expr* value) {
    value = value->IgnoreParenImpCasts();
    const auto* call = dyn_cast<CallExpr>(value);
    return call != nullptr && passes_on(call) && llvm::any_of(call->arguments(), [&](const Expr* each) {
               return gives_handle(each) || passes_on_temporary(each);
           });
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
    if (named && (function->getName() == "ref" || function->getName() == "cref" || function->getName() == "tie" ||
                  function->getName() == "forward_as_tuple" || function->getName() == "addressof")) {
        for (const Expr* each : call->arguments()) refuse_reference(each, call->getExprLoc());
    }
    if (method != nullptr && method->getParent()->isInStdNamespace() && holds_wrappers(method->getParent())) {
        for (const Expr* each : call->arguments()) refuse_reference(each, call->getExprLoc());
    }
    if (!assigns && !moves) return;
    for (const Expr* each : call->arguments()) {
        if (names_.is_legacy_class(each->getType(), untyped_class) && is_handle(each))
            return sink_.refuse(flow_.here(), call->getExprLoc(), "unsupported");
        if (assigns) return;  // what is assigned is moved, and seen there
    }
}

// A buffer that an object owns has an address, what a handle stands for has none.
void HeldHandles::read(const UnaryOperator* taken) {
    const Expr* operand = taken->getSubExpr()->IgnoreParenImpCasts();
    if (taken->getOpcode() != UO_AddrOf || !names_.is_legacy_class(operand->getType(), untyped_class)) return;
    refuse_reference(operand, taken->getExprLoc());
}

// A container of std::reference_wrapper, which need not name it where an element is added.
bool HeldHandles::holds_wrappers(const CXXRecordDecl* record) {
    return llvm::any_of(type_arguments(record), [&](QualType each) {
        const auto* wrapper = dyn_cast_or_null<ClassTemplateSpecializationDecl>(each->getAsCXXRecordDecl());
        return wrapper != nullptr && wrapper->isInStdNamespace() && wrapper->getName() == "reference_wrapper" &&
               names_.is_legacy_class(wrapper->getTemplateArgs()[0].getAsType(), untyped_class);
    });
}

void HeldHandles::refuse_reference(const Expr* handle, SourceLocation location) {
    handle = handle->IgnoreParenImpCasts();
    if (!names_.is_legacy_class(handle->getType(), untyped_class) || !may_be_handle(handle)) return;
    if (const ValueDecl* named = named_by(handle); named != nullptr && !is_handle(handle))
        refuse_longer_reference(named, location);
    const auto* call = dyn_cast<CXXMemberCallExpr>(handle);
    const auto* called = call == nullptr ? nullptr : dyn_cast<MemberExpr>(call->getCallee()->IgnoreParenImpCasts());
    const SourceLocation at = called == nullptr ? location : called->getMemberLoc();
    unit_.found().block(flow_.here(), "pointer", unit_.place_of(at).value_or(Place{}));
}

bool HeldHandles::holds_references(const CXXRecordDecl* record) {
    return llvm::any_of(type_arguments(record), [&](QualType each) { return refers_to_untyped(each); });
}

// std::reference_wrapper, or what holds one, made of a handle.
void HeldHandles::read(const CXXConstructExpr* made) {
    const CXXRecordDecl* record = made->getConstructor()->getParent();
    if (!record->isInStdNamespace() || made->getConstructor()->isCopyOrMoveConstructor()) return;
    const bool wraps = record->getName() == "reference_wrapper" || holds_wrappers(record);
    for (const Expr* each : made->arguments()) {
        // `std::tuple<DynamicGpuBuffer&>` holds handles; `std::tuple<T&>` refers to what the template was given.
        if (wraps || (holds_references(record) && !is_handle(each))) refuse_reference(each, made->getExprLoc());
    }
}

// `auto& f()` and `decltype(auto) f()` would give a reference to a variable that is gone.
void HeldHandles::read(const FunctionDecl* function) {
    if (!function->doesThisDeclarationHaveABody() || function->getType()->isDependentType()) return;
    if (!refers_to_untyped(function->getReturnType()) ||
        function->getDeclaredReturnType()->getContainedDeducedType() == nullptr)
        return;
    const auto named_handle = [&](const ReturnStmt* leaves) {
        const Expr* value = leaves->getRetValue();
        if (value != nullptr && is_handle(value)) unit_.found().block(flow_.key_of(function), "pointer", {});
    };
    each_return(function->getBody(), named_handle);
}

// A reference that is captured refers to what it did; the handle that takes its place is copied instead.
void HeldHandles::read(const LambdaExpr* lambda) {
    for (const LambdaCapture& each : lambda->captures()) {
        if (!each.capturesVariable() || each.getCaptureKind() != LCK_ByRef) continue;
        const auto* variable = dyn_cast<VarDecl>(each.getCapturedVar());
        if (variable == nullptr || !refers_to_untyped(variable->getType())) continue;
        const Expr* given = lambda->isInitCapture(&each) ? variable->getInit() : nullptr;
        if (given != nullptr ? is_handle(given) : is_variable_handle(variable)) {
            capture_by_value(lambda, each);
        } else if (given != nullptr ? may_be_handle(given) : may_refer_to_handle(variable)) {
            const std::vector<FunctionDecl*> around = frames_.functions();
            if (!around.empty() && ends_with_function(lambda, around.back())) continue;
            const ValueDecl* named = given == nullptr ? nullptr : named_by(given->IgnoreParenImpCasts());
            refuse_longer_reference(named == nullptr ? variable : named, each.getLocation());
        }
    }
}

void HeldHandles::read(const FieldDecl* field) {
    if (refers_to_untyped(field->getType()) && names_.is_substituted(field->getType()))
        refuse_longer_reference(field, field->getLocation());
}

// A template's own reference stays one, perhaps for longer than the call: to a handle that is gone by then.
void HeldHandles::refuse_longer_reference(const ValueDecl* reference, SourceLocation location) {
    unit_.found().block(flow_.key_of(reference), "pointer", unit_.place_of(location).value_or(Place{}));
}

void HeldHandles::capture_by_value(const LambdaExpr* lambda, const LambdaCapture& capture) {
    const auto at = unit_.place_of(capture.isImplicit() ? lambda->getCaptureDefaultLoc() : capture.getLocation());
    const Groups::Key group = flow_.key_of(capture.getCapturedVar());
    if (!at) return unit_.found().block(group, "pointer", {});
    const std::string& text = unit_.text_of(at->file);
    const std::string name = capture.getCapturedVar()->getNameAsString();
    if (capture.isImplicit()) {
        if (text[at->offset] != '&') return unit_.found().block(group, "pointer", *at);
        return sink_.put(group, at->file, at->offset + 1, at->offset + 1, ", " + name);
    }
    // At the name, or at the & of what is made there.
    const unsigned sigil = text[at->offset] == '&' ? at->offset : previous_character(text, at->offset);
    if (sigil >= text.size() || text[sigil] != '&') return unit_.found().block(group, "pointer", *at);
    sink_.put(group, at->file, sigil, sigil + 1, "");
}

}  // namespace migrate
