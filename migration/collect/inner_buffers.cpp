// SPDX-License-Identifier: Apache-2.0
#include "collect/inner_buffers.hpp"

#include "clang/returns.hpp"
#include "clang/type_arguments.hpp"

namespace migrate {

using namespace clang;

namespace {

QualType pointee_of(QualType type) {
    type = type.getNonReferenceType().getCanonicalType();
    if (const auto* array = dyn_cast<ArrayType>(type.getTypePtr())) return array->getElementType();
    return type->isPointerType() ? type->getPointeeType() : QualType();
}

// What nobody follows refers to any of them.
std::string anywhere(const std::string& buffer) { return "*:" + buffer; }

bool is_lambda(const FunctionDecl* function) {
    const auto* method = dyn_cast<CXXMethodDecl>(function);
    return method != nullptr && method->getParent()->isLambda();
}

bool is_standard(const FunctionDecl* function) {
    const auto* method = dyn_cast<CXXMethodDecl>(function);
    return method == nullptr ? function->isInStdNamespace() : method->getParent()->isInStdNamespace();
}

bool is_named(const FunctionDecl* function, std::initializer_list<llvm::StringRef> names) {
    return function->getDeclName().isIdentifier() && llvm::is_contained(names, function->getName());
}

}  // namespace

std::string InnerBuffers::buffer_behind(QualType type) {
    if (type.isNull() || type->isDependentType()) return {};
    for (QualType each = type.getNonReferenceType(); !each.isNull(); each = pointee_of(each)) {
        if (names_.is_legacy_class(each, "utils::DeviceBuffer"))
            return each.getCanonicalType().getUnqualifiedType().getAsString();
    }
    return {};
}

bool InnerBuffers::refers(QualType type) {
    return !buffer_behind(type).empty() && !names_.is_legacy_class(type, "utils::DeviceBuffer");
}

// Whether an object of the type may lead to a device buffer that it does not own.
bool InnerBuffers::holds_references(QualType type, unsigned depth) {
    if (type.isNull() || depth > max_depth) return false;
    if (refers(type)) return true;
    if (const auto* function = type.getNonReferenceType()->getAs<FunctionProtoType>())
        return refers(function->getReturnType());
    const auto* made =
        dyn_cast_or_null<ClassTemplateSpecializationDecl>(type.getNonReferenceType()->getAsCXXRecordDecl());
    if (made == nullptr) return false;
    const auto arguments = made->getTemplateArgs().asArray();
    const llvm::StringRef name = made->getName();
    const bool first_is_type = !arguments.empty() && arguments[0].getKind() == TemplateArgument::Type;
    if (first_is_type && (name == "shared_ptr" || name == "weak_ptr" || name == "reference_wrapper" || name == "span"))
        return !buffer_behind(arguments[0].getAsType()).empty();
    if (first_is_type && name.contains("iterator")) {
        const QualType pointer = arguments[0].getAsType();
        return holds_references(pointer->isPointerType() ? pointer->getPointeeType() : pointer, depth + 1);
    }
    if (first_is_type && name == "unique_ptr" && arguments.size() > 1) {
        const auto* deleter = arguments[1].getAsType()->getAsCXXRecordDecl();
        if (deleter == nullptr || !deleter->isInStdNamespace()) return !buffer_behind(arguments[0].getAsType()).empty();
    }
    return llvm::any_of(type_arguments(arguments), [&](QualType each) { return holds_references(each, depth + 1); });
}

bool InnerBuffers::passes_on(const FunctionDecl* function) {
    return is_standard(function) && !isa<CXXMethodDecl>(function) &&
           is_named(function, {"move", "forward", "addressof", "as_const", "move_if_noexcept"});
}

bool InnerBuffers::is_outside(const FunctionDecl* function) {
    return !is_lambda(function) && !unit_.is_project(function->getCanonicalDecl()->getLocation());
}

// The same in every unit; instantiations of one template share their nodes where they are of one type.
std::string InnerBuffers::node_of(const ValueDecl* declared) {
    const std::string buffer = buffer_behind(declared->getType());
    const auto* parameter = dyn_cast<ParmVarDecl>(declared);
    const auto* function = parameter == nullptr ? nullptr : dyn_cast<FunctionDecl>(parameter->getDeclContext());
    if (function != nullptr && !is_lambda(function)) {
        if (is_outside(function)) return anywhere(buffer);
        return "argument " + std::to_string(parameter->getFunctionScopeIndex() + 1) + " of " +
               function->getQualifiedNameAsString() + " as " + function->getType().getCanonicalType().getAsString();
    }
    const auto at = unit_.place_of(declared->getCanonicalDecl()->getLocation());
    return at ? "V:" + at->file + ":" + std::to_string(at->offset) + ":" + buffer : anywhere(buffer);
}

std::string InnerBuffers::node_of_result(const FunctionDecl* function) {
    const std::string buffer = buffer_behind(function->getReturnType());
    if (is_outside(function)) return anywhere(buffer);
    if (!is_lambda(function))
        return "result of " + function->getQualifiedNameAsString() + " as " +
               function->getType().getCanonicalType().getAsString();
    const auto at = unit_.place_of(function->getLocation());
    return at ? "L:" + at->file + ":" + std::to_string(at->offset) + ":" + buffer : anywhere(buffer);
}

void InnerBuffers::gather_name(const ValueDecl* named, const std::string& buffer, Nodes& into) {
    if (const auto* binding = dyn_cast<BindingDecl>(named)) {
        if (binding->getHoldingVar() != nullptr && binding->getHoldingVar()->getInit() != nullptr)
            return gather(binding->getHoldingVar()->getInit(), into);
        if (binding->getBinding() != nullptr) return gather(binding->getBinding(), into);
        into.insert(anywhere(buffer));
    } else if (refers(named->getType())) {
        into.insert(node_of(named));
    }
}

void InnerBuffers::gather_call(const CallExpr* call, const std::string& buffer, Nodes& into) {
    const FunctionDecl* function = call->getDirectCallee();
    if (function == nullptr) return (void)into.insert(anywhere(buffer));
    const LegacyName name = names_.legacy(function);
    if (name && (name.spelled->legacy == "utils::ManagedDeviceBuffer::as_device_buffer_mut" ||
                 name.spelled->legacy == "utils::ManagedDeviceBuffer::as_device_buffer")) {
        if (const auto at = unit_.place_of(call->getExprLoc()))
            into.insert("S:" + at->file + ":" + std::to_string(at->offset));
        return;
    }
    if (name || !refers(function->getReturnType())) return;
    if (passes_on(function)) return gather(call->getArg(0), into);
    if (!is_standard(function)) return (void)into.insert(node_of_result(function));
    // What a container owns is no inside.
    const auto* method = dyn_cast<CXXMethodDecl>(function);
    bool held = method != nullptr && holds_references(record_type(unit_.tree(), method->getParent()));
    for (const Expr* each : call->arguments()) {
        held = held || (method == nullptr && holds_references(each->getType()));
        if (method == nullptr) gather(each, into);
    }
    if (held) into.insert(anywhere(buffer));
}

// What the value may refer to; nothing where that is an object of its own.
void InnerBuffers::gather(const Expr* value, Nodes& into) {
    value = value->IgnoreParenImpCasts();
    const std::string buffer = buffer_behind(value->getType());
    if (const auto* list = dyn_cast<InitListExpr>(value)) {
        for (const Expr* each : list->inits()) gather(each, into);
        return;
    }
    if (buffer.empty()) return;
    if (const auto* named = dyn_cast<DeclRefExpr>(value)) {
        gather_name(named->getDecl(), buffer, into);
    } else if (const auto* member = dyn_cast<MemberExpr>(value)) {
        gather_name(member->getMemberDecl(), buffer, into);
    } else if (const auto* call = dyn_cast<CallExpr>(value)) {
        gather_call(call, buffer, into);
    } else if (const auto* operation = dyn_cast<UnaryOperator>(value)) {
        gather(operation->getSubExpr(), into);
    } else if (const auto* indexed = dyn_cast<ArraySubscriptExpr>(value)) {
        gather(indexed->getBase(), into);
    } else if (const auto* choice = dyn_cast<AbstractConditionalOperator>(value)) {
        gather(choice->getTrueExpr(), into);
        gather(choice->getFalseExpr(), into);
    } else if (const auto* pair = dyn_cast<BinaryOperator>(value)) {
        if (pair->getOpcode() != BO_Comma) gather(pair->getLHS(), into);
        if (!pair->isAssignmentOp()) gather(pair->getRHS(), into);
    } else if (const auto* cast = dyn_cast<ExplicitCastExpr>(value)) {
        const bool forgot = buffer_behind(cast->getSubExpr()->getType()).empty();
        if (forgot)
            into.insert(anywhere(buffer));
        else
            gather(cast->getSubExpr(), into);
    } else if (const auto* kept = dyn_cast<MaterializeTemporaryExpr>(value)) {
        gather(kept->getSubExpr(), into);
    } else if (const auto* full = dyn_cast<FullExpr>(value)) {
        gather(full->getSubExpr(), into);
    } else if (const auto* given = dyn_cast<CXXDefaultArgExpr>(value)) {
        gather(given->getExpr(), into);
    } else if (const auto* begun = dyn_cast<CXXDefaultInitExpr>(value)) {
        gather(begun->getExpr(), into);
    } else if (!value->isPRValue() ||
               !isa<CXXConstructExpr, CXXBindTemporaryExpr, CXXNewExpr, CXXNullPtrLiteralExpr, GNUNullExpr,
                    IntegerLiteral, CXXScalarValueInitExpr, ImplicitValueInitExpr>(value)) {
        into.insert(anywhere(buffer));
    }
}

void InnerBuffers::note(const std::string& node, const Expr* value) {
    Nodes sources;
    gather(value, sources);
    if (!sources.empty()) unit_.found().refers[node].merge(sources);
}

void InnerBuffers::note_replaced(const Expr* target) {
    if (buffer_behind(target->getType()).empty()) return;
    Nodes sources;
    gather(target, sources);
    unit_.found().replaced.merge(sources);
}

void InnerBuffers::read(const VarDecl* variable) {
    if (variable->isCXXForRangeDecl() || isa<ParmVarDecl>(variable) || variable->getInit() == nullptr) return;
    if (refers(variable->getType())) note(node_of(variable), variable->getInit());
}

void InnerBuffers::read(const FieldDecl* field) {
    if (field->getInClassInitializer() != nullptr && refers(field->getType()))
        note(node_of(field), field->getInClassInitializer());
}

void InnerBuffers::read(const CXXCtorInitializer* initializer) {
    if (initializer->isAnyMemberInitializer() && refers(initializer->getAnyMember()->getType()))
        note(node_of(initializer->getAnyMember()), initializer->getInit());
}

void InnerBuffers::read(const CXXForRangeStmt* loop) {
    const VarDecl* variable = loop->getLoopVariable();
    const Expr* range = loop->getRangeInit();
    if (variable == nullptr || range == nullptr || !refers(variable->getType())) return;
    note(node_of(variable), range);
    if (holds_references(range->getType()))
        unit_.found().refers[node_of(variable)].insert(anywhere(buffer_behind(variable->getType())));
}

void InnerBuffers::note_argument(const FunctionDecl* function, unsigned index, const Expr* argument) {
    const std::string buffer = buffer_behind(argument->getType());
    if (buffer.empty()) return;
    const bool known = index < function->getNumParams() && !is_outside(function);
    const QualType taken = known ? function->getParamDecl(index)->getType() : QualType();
    if (known && !refers(taken)) return;
    note(known ? node_of(function->getParamDecl(index)) : anywhere(buffer), argument);
}

void InnerBuffers::read(const CallExpr* call) {
    const FunctionDecl* function = call->getDirectCallee();
    if (function == nullptr) {
        for (const Expr* each : call->arguments()) {
            if (const std::string buffer = buffer_behind(each->getType()); !buffer.empty())
                note(anywhere(buffer), each);
        }
        return;
    }
    const auto* method = dyn_cast<CXXMethodDecl>(function);
    const bool assigns =
        method != nullptr && (method->isCopyAssignmentOperator() || method->isMoveAssignmentOperator());
    const bool moves = method == nullptr && is_standard(function) &&
                       (is_named(function, {"swap", "exchange", "construct_at", "destroy_at", "iter_swap"}) ||
                        (passes_on(function) && call->isXValue() && !call->getType().isConstQualified()));
    if (assigns) return note_replaced(call->getArg(0));
    if (names_.legacy(function) || (passes_on(function) && !moves)) return;
    const unsigned shift = unsigned{method != nullptr && isa<CXXOperatorCallExpr>(call) && !method->isStatic()};
    for (unsigned each = moves ? 0 : shift; each < call->getNumArgs(); ++each) {
        if (moves)
            note_replaced(call->getArg(each));
        else
            note_argument(function, each - shift, call->getArg(each));
    }
}

void InnerBuffers::read(const CXXConstructExpr* made) {
    const CXXConstructorDecl* constructor = made->getConstructor();
    if (names_.legacy(constructor->getParent())) return;
    for (unsigned each = 0; each < made->getNumArgs(); ++each) note_argument(constructor, each, made->getArg(each));
}

// Another one is made where the pointer leads.
void InnerBuffers::read(const CXXNewExpr* made) {
    if (made->getNumPlacementArgs() != 1 || buffer_behind(made->getAllocatedType()).empty()) return;
    note_replaced(made->getPlacementArg(0)->IgnoreParenCasts());
}

void InnerBuffers::note_members(QualType type, llvm::ArrayRef<const Expr*> values) {
    const auto* record = type->getAsCXXRecordDecl();
    if (record == nullptr || record->isUnion()) {
        for (const Expr* each : values) {
            const std::string buffer = each == nullptr ? std::string() : buffer_behind(each->getType());
            if (!buffer.empty()) note(anywhere(buffer), each);
        }
        return;
    }
    std::size_t next = record->getNumBases();
    for (const FieldDecl* each : record->fields()) {
        if (each->isUnnamedBitField() || next >= values.size()) continue;
        const Expr* value = values[next++];
        if (value == nullptr) continue;
        // Its braces may have been left out, and are then written nowhere.
        if (const auto* inner = dyn_cast<InitListExpr>(value)) read(inner);
        if (refers(each->getType())) note(node_of(each), value);
    }
}

void InnerBuffers::read(const InitListExpr* list) {
    const InitListExpr* meant = list->isSemanticForm() ? list : list->getSemanticForm();
    if (meant != nullptr) note_members(meant->getType(), meant->inits());
}

void InnerBuffers::read(const CXXParenListInitExpr* list) {
    const auto values = list->getInitExprs();
    note_members(list->getType(), llvm::SmallVector<const Expr*>(values.begin(), values.end()));
}

void InnerBuffers::read(const BinaryOperator* assignment) {
    if (assignment->getOpcode() != BO_Assign || buffer_behind(assignment->getType()).empty()) return;
    Nodes targets;
    gather(assignment->getLHS(), targets);
    for (const std::string& each : targets) note(each, assignment->getRHS());
}

void InnerBuffers::read(const CastExpr* cast) {
    const Expr* value = cast->getSubExpr();
    const std::string buffer = buffer_behind(value->getType());
    if (buffer.empty()) return;
    if (isa<ExplicitCastExpr>(cast) && cast->isXValue() && !cast->getType().isConstQualified()) note_replaced(value);
    if (cast->getCastKind() == CK_BitCast && buffer_behind(cast->getType()).empty()) note(anywhere(buffer), value);
}

void InnerBuffers::read(const FunctionDecl* function) {
    if (function->getType()->isDependentType()) return;
    const auto* method = dyn_cast<CXXMethodDecl>(function);
    std::map<std::string, Nodes>& refers_to = unit_.found().refers;
    if (method != nullptr) {
        for (const CXXMethodDecl* base : method->overridden_methods()) {
            if (refers(method->getReturnType())) refers_to[node_of_result(base)].insert(node_of_result(method));
            for (unsigned each = 0; each < method->getNumParams(); ++each) {
                const ParmVarDecl* own = method->getParamDecl(each);
                if (refers(own->getType())) refers_to[node_of(own)].insert(node_of(base->getParamDecl(each)));
            }
        }
    }
    if (!function->doesThisDeclarationHaveABody() || !refers(function->getReturnType())) return;
    each_return(function->getBody(), [&](const ReturnStmt* leaves) {
        if (leaves->getRetValue() != nullptr) note(node_of_result(function), leaves->getRetValue());
    });
}

void InnerBuffers::read_passed_on(const FunctionDecl* function) {
    if (function->getType()->isDependentType() || is_outside(function)) return;
    std::map<std::string, Nodes>& refers_to = unit_.found().refers;
    for (const ParmVarDecl* each : function->parameters()) {
        if (refers(each->getType())) refers_to[node_of(each)].insert(anywhere(buffer_behind(each->getType())));
    }
    if (refers(function->getReturnType()))
        refers_to[anywhere(buffer_behind(function->getReturnType()))].insert(node_of_result(function));
}

}  // namespace migrate
