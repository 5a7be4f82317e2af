// SPDX-License-Identifier: Apache-2.0
#include "collect/forwarded_construction.hpp"

#include "clang/type_arguments.hpp"

namespace migrate {

using namespace clang;

namespace {

enum class Forwards { nothing, by_function, to_first_of_class, to_second_of_class };

// Which template argument says what a call of this name makes.
Forwards what_forwards(llvm::StringRef called) {
    if (called == "make_unique" || called == "make_shared" || called == "make_optional" || called == "allocate_shared")
        return Forwards::by_function;
    if (called == "emplace" || called == "emplace_back" || called == "emplace_front")
        return Forwards::to_first_of_class;
    return called == "try_emplace" ? Forwards::to_second_of_class : Forwards::nothing;
}

QualType type_argument(const TemplateArgumentList* types, unsigned which) {
    const bool is_type =
        types != nullptr && types->size() > which && types->get(which).getKind() == TemplateArgument::Type;
    return is_type ? types->get(which).getAsType() : QualType();
}

bool is_tuple(QualType type) {
    const auto* record = type.getNonReferenceType()->getAsCXXRecordDecl();
    return record != nullptr && record->isInStdNamespace() && record->getIdentifier() != nullptr &&
           record->getName() == "tuple";
}

// Where a call says what it makes: in its template argument, or in the type of its object.
QualType written_type(const CallExpr* call) {
    if (const auto* method = dyn_cast<CXXMemberCallExpr>(call)) return method->getImplicitObjectArgument()->getType();
    const auto* named = dyn_cast<DeclRefExpr>(call->getCallee()->IgnoreParenImpCasts());
    if (named == nullptr || named->getNumTemplateArgs() == 0) return {};
    const TemplateArgument& first = named->getTemplateArgs()->getArgument();
    return first.getKind() == TemplateArgument::Type ? first.getAsType() : QualType();
}

}  // namespace

bool ForwardedConstruction::holds_error_handler(QualType type) {
    type = type.getNonReferenceType();
    if (type->isNullPtrType()) return true;
    const auto* record = type->getAsCXXRecordDecl();
    if (record == nullptr) return false;
    if (names_.is_error_name(record) && record->getName() == "CudaErrorHandler") return true;
    return llvm::any_of(type_arguments(type->getAsCXXRecordDecl()),
                        [&](QualType each) { return holds_error_handler(each); });
}

bool ForwardedConstruction::drops_error_handler(QualType type) {
    if (type.isNull()) return false;
    type = type.getNonReferenceType();
    if (names_.is_legacy_class(type, manager_class) || names_.is_legacy_class(type, untyped_class)) return true;
    return llvm::any_of(type_arguments(type->getAsCXXRecordDecl()),
                        [&](QualType each) { return drops_error_handler(each); });
}

bool ForwardedConstruction::holds_managed_buffer(QualType type) {
    if (type.isNull()) return false;
    type = type.getNonReferenceType();
    if (names_.is_legacy_class(type, managed_class)) return true;
    return llvm::any_of(type_arguments(type->getAsCXXRecordDecl()),
                        [&](QualType each) { return holds_managed_buffer(each); });
}

bool ForwardedConstruction::builds_managed_buffer(llvm::ArrayRef<QualType> types) {
    for (std::size_t at = 0; at < types.size(); ++at) {
        const QualType each = types[at].getNonReferenceType();
        if (at + 2 < types.size() && names_.is_legacy_class(each, inner_class) &&
            types[at + 2].getNonReferenceType()->isIntegralOrEnumerationType())
            return true;
        if (is_tuple(each) && builds_managed_buffer(type_arguments(each->getAsCXXRecordDecl()))) return true;
    }
    return false;
}

// The standard library makes an object with a handler, or a managed buffer out of its parts, somewhere in here, in a
// way that nobody knows.
void ForwardedConstruction::refuse_hidden(QualType owner, llvm::ArrayRef<const Expr*> arguments, SourceLocation at) {
    const bool given = llvm::any_of(arguments, [&](const Expr* each) { return holds_error_handler(each->getType()); });
    const bool drops = drops_error_handler(owner) ||
                       llvm::any_of(arguments, [&](const Expr* each) { return drops_error_handler(each->getType()); });
    std::vector<QualType> types;
    for (const Expr* each : arguments) types.push_back(each->getType());
    const bool managed = holds_managed_buffer(owner) || llvm::any_of(types, [&](QualType each) {
                             return !is_tuple(each) && holds_managed_buffer(each);
                         });
    if ((given && drops) || (managed && builds_managed_buffer(types))) sink_.refuse(flow_.here(), at, "construct");
}

void ForwardedConstruction::read(const CallExpr* call) {
    const FunctionDecl* function = call->getDirectCallee();
    if (function == nullptr) return;
    // A method lies in its class, so the class is asked.
    const auto* method = dyn_cast<CXXMethodDecl>(function);
    const CXXRecordDecl* owner = method == nullptr ? nullptr : method->getParent();
    if (owner == nullptr ? !function->isInStdNamespace() : !owner->isInStdNamespace()) return;
    const bool named = function->getDeclName().isIdentifier();
    const Forwards kind = named ? what_forwards(function->getName()) : Forwards::nothing;
    const auto* of_class = dyn_cast_or_null<ClassTemplateSpecializationDecl>(owner);
    const auto* class_types = of_class == nullptr ? nullptr : &of_class->getTemplateArgs();
    QualType made = call->getType().getNonReferenceType();
    const auto is_made = [&](QualType type) {
        return names_.is_legacy_class(type, config_class) || names_.is_legacy_class(type, manager_class) ||
               names_.is_legacy_class(type, untyped_class);
    };
    if (kind == Forwards::by_function) {
        made = type_argument(function->getTemplateSpecializationArgs(), 0);
    } else if (!is_made(made)) {
        made = type_argument(class_types, kind == Forwards::to_second_of_class ? 1 : 0);
    }
    const llvm::ArrayRef<const Expr*> arguments(call->getArgs(), call->getNumArgs());
    const bool handler_last = !arguments.empty() && holds_error_handler(arguments.back()->getType());
    const bool untyped = names_.is_legacy_class(made, untyped_class) && arguments.size() >= 3 && handler_last;
    const bool manager = names_.is_legacy_class(made, manager_class) && handler_last;
    if (kind == Forwards::nothing || (!untyped && !manager)) {
        const unsigned keys = kind == Forwards::to_second_of_class ? 1 : 0;
        if (kind != Forwards::nothing && names_.is_legacy_class(made, config_class) && arguments.size() == keys)
            return sink_.refuse(flow_.here(), call->getExprLoc(), "default-config");
        const auto* operation = dyn_cast<CXXOperatorCallExpr>(call);
        const bool assigns = operation != nullptr && operation->isAssignmentOp();
        const QualType result = kind == Forwards::by_function ? made : call->getType();
        const QualType whole = of_class == nullptr ? result : record_type(unit_.tree(), of_class);
        if (!assigns) refuse_hidden(whole, arguments, call->getExprLoc());
        return;
    }
    const auto last = unit_.file_range_of(arguments.back()->getSourceRange());
    if (!last) return sink_.refuse(flow_.here(), call->getExprLoc(), "macro-argument");
    // What a template makes here may be another class in its next instantiation.
    if (names_.is_substituted(written_type(call))) return sink_.refuse(flow_.here(), call->getExprLoc(), "dependent");
    if (manager) {
        const Expr* previous = arguments.size() > 1 ? arguments[arguments.size() - 2] : nullptr;
        return arguments_.drop_last(arguments.back(), previous, flow_.here());
    }
    const auto first = unit_.file_range_of(arguments[arguments.size() - 3]->getSourceRange());
    if (!first) return sink_.refuse(flow_.here(), call->getExprLoc(), "macro-argument");
    // An expanded pack stands in one place.
    if (first->begin == last->begin) return sink_.refuse(flow_.here(), call->getExprLoc(), "construct");
    sink_.put(flow_.here(), first->file, first->begin, first->begin, "triune::default_manager().make_untyped(");
    arguments_.drop_last(arguments.back(), arguments[arguments.size() - 2], flow_.here());
    sink_.put(flow_.here(), last->file, last->end, last->end, ")", -1);
}

}  // namespace migrate
