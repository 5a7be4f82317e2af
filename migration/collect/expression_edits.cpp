// SPDX-License-Identifier: Apache-2.0
// Calls: renamed with a suffix, dropped, turned round.
#include "collect/name_visitor.hpp"
#include "text/source_text.hpp"

namespace migrate {

using namespace clang;

bool name_visitor::VisitCompoundStmt(CompoundStmt* block) {
    for (Stmt* each : block->body()) {
        if (const auto* expression = dyn_cast<Expr>(each)) discarded_.insert(expression->IgnoreImplicit());
    }
    return true;
}

std::string name_visitor::vector_before_braces(const Expr* argument) {
    const auto at = unit_.place_of(argument->getBeginLoc());
    const auto* record = argument->getType().getCanonicalType()->getAsCXXRecordDecl();
    const auto* made = dyn_cast_or_null<ClassTemplateSpecializationDecl>(record);
    if (!at || unit_.text_of(at->file)[at->offset] != '{' || made == nullptr || !made->isInStdNamespace()) return {};
    if (made->getName() != "vector" || made->getTemplateArgs()[0].getKind() != TemplateArgument::Type) return {};
    PrintingPolicy plain(unit_.tree().getLangOpts());
    plain.SuppressTagKeyword = true;
    return "std::vector<" + made->getTemplateArgs()[0].getAsType().getAsString(plain) + ">";
}

// The new calls take spans, which braces alone do not make: `f({1, 2})` becomes `f(std::vector<int>{1, 2})`.
void name_visitor::name_braced_vectors(CallExpr* call) {
    const FunctionDecl* function = call->getDirectCallee();
    const legacy_name name = function == nullptr ? legacy_name{} : names_.legacy(function);
    // Where arguments change places the words go with them.
    if (!name || !name.spelled->takes_spans || name.spelled->kind == edit_kind::swap_arguments) return;
    for (const Expr* each : call->arguments()) {
        const std::string words = vector_before_braces(each);
        const auto at = unit_.place_of(each->getBeginLoc());
        if (!words.empty()) sink_.put(flow_.here(), at->file, at->offset, at->offset, words, 2);
    }
}

// make_buffer_from takes any range and finds its element type by itself.
void name_visitor::drop_template_arguments(legacy_name name, SourceLocation open, SourceLocation close) {
    const auto range = open.isInvalid() || !name.spelled->takes_spans ? std::nullopt : unit_.range_of({open, close});
    if (range) sink_.put(flow_.here(), range->file, range->begin, range->end, "");
}

bool name_visitor::VisitCallExpr(CallExpr* call) {
    const Expr* callee = call->getCallee()->IgnoreParenImpCasts();
    called_.insert(callee);
    edit_forwarded_construct(call);
    refuse_changed_owner(call);
    refuse_hidden_defaults(call);
    name_braced_vectors(call);
    if (const auto* member = dyn_cast<MemberExpr>(callee)) {
        if (const legacy_name name = names_.legacy(member->getMemberDecl())) {
            const Expr* base = member->isImplicitAccess() ? nullptr : member->getBase();
            edit_call(call, name, member->getMemberLoc(), base, member->getOperatorLoc(), member->isArrow());
        }
    } else if (const auto* dependent = dyn_cast<CXXDependentScopeMemberExpr>(callee)) {
        if (const legacy_name name = dependent_member(dependent)) {
            const Expr* base = dependent->isImplicitAccess() ? nullptr : dependent->getBase();
            edit_call(call, name, dependent->getMemberLoc(), base, dependent->getOperatorLoc(), dependent->isArrow());
        }
    } else if (const auto* named = dyn_cast<DeclRefExpr>(callee)) {
        if (const legacy_name name = names_.legacy(named->getDecl());
            name && name.spelled->kind == edit_kind::swap_arguments) {
            edit_call(call, name, named->getLocation(), nullptr, {}, false);
            drop_template_arguments(name, named->getLAngleLoc(), named->getRAngleLoc());
        } else if (!isa<FunctionDecl>(named->getDecl())) {
            trail_.note_unknown_call();
        }
    } else if (const auto* overloads = dyn_cast<OverloadExpr>(callee)) {
        for (const NamedDecl* each : overloads->decls()) {
            const legacy_name name = names_.legacy(each->getUnderlyingDecl());
            if (name && name.spelled->kind == edit_kind::swap_arguments) {
                edit_call(call, name, overloads->getNameLoc(), nullptr, {}, false);
                drop_template_arguments(name, overloads->getLAngleLoc(), overloads->getRAngleLoc());
                break;
            }
        }
    } else if (call->getDirectCallee() == nullptr && !call->isTypeDependent()) {
        trail_.note_unknown_call();
    }
    return true;
}

void name_visitor::edit_call(CallExpr* call, legacy_name name, SourceLocation name_location, const Expr* base,
                             SourceLocation dot, bool arrow) {
    const auto group = sink_.site_at(name_location, name);
    if (!group) return;
    const auto at = unit_.place_of(name_location);
    switch (name.spelled->kind) {
        case edit_kind::swap_arguments: {
            const bool through_using = false;
            sink_.edit_name(*group, *at, name, name.spelled->replacement, through_using, true);
            swap_arguments(call, *group, name_location);
            break;
        }
        case edit_kind::drop_call:
            drop_call(call, *group, *at, base, dot, arrow);
            break;
        case edit_kind::to_free:
            call_to_free(call, name, *group, *at, base, dot, arrow);
            break;
        case edit_kind::append: {
            const auto whole = unit_.range_of({name_location, call->getEndLoc()});
            if (!whole) return sink_.refuse(*group, name_location, "macro-argument");
            const auto* member = dyn_cast<MemberExpr>(call->getCallee()->IgnoreParenImpCasts());
            sink_.put(*group, at->file, at->offset, identifier_end(unit_.text_of(at->file), at->offset),
                      member == nullptr ? std::string(name.spelled->replacement) : past_hiding(member, name));
            if (discarded_.contains(call)) break;
            sink_.put(*group, at->file, whole->end, whole->end, "." + std::string(name.spelled->suffix), -1);
            if (unit_.asked().zero_copy) note_copies(*at, name, whole->end);
            break;
        }
        case edit_kind::handle_call:
            if (unit_.asked().zero_copy && name.from->module == "unified_gpu_compute")
                unit_.found().copies[*at].refusal = "copy-blocking";
            break;
        default:
            break;
    }
}

bool name_visitor::has_side_effects(const Expr* expression) {
    expression = expression->IgnoreImplicit()->IgnoreParenImpCasts();
    if (!expression->HasSideEffects(unit_.tree())) return false;
    // Clang calls every call and construction an effect. Those of the standard containers and strings, read from or
    // copied, can be exchanged with anything that does not change their operands.
    if (const auto* made = dyn_cast<CXXConstructExpr>(expression)) {
        const bool standard = made->getConstructor()->getParent()->isInStdNamespace();
        return !standard ||
               std::ranges::any_of(made->arguments(), [&](const Expr* each) { return has_side_effects(each); });
    }
    if (const auto* cast = dyn_cast<CastExpr>(expression)) return has_side_effects(cast->getSubExpr());
    if (const auto* bound = dyn_cast<CXXBindTemporaryExpr>(expression)) return has_side_effects(bound->getSubExpr());
    if (const auto* kept = dyn_cast<MaterializeTemporaryExpr>(expression)) return has_side_effects(kept->getSubExpr());
    if (const auto* defaulted = dyn_cast<CXXDefaultArgExpr>(expression)) return has_side_effects(defaulted->getExpr());
    if (const auto* operation = dyn_cast<BinaryOperator>(expression)) {
        return operation->isAssignmentOp() || has_side_effects(operation->getLHS()) ||
               has_side_effects(operation->getRHS());
    }
    if (const auto* list = dyn_cast<InitListExpr>(expression)) {
        return std::ranges::any_of(list->inits(), [&](const Expr* each) { return has_side_effects(each); });
    }
    if (const auto* list = dyn_cast<CXXStdInitializerListExpr>(expression)) return has_side_effects(list->getSubExpr());
    if (const auto* call = dyn_cast<CXXMemberCallExpr>(expression)) {
        const CXXMethodDecl* method = call->getMethodDecl();
        const bool reads = method != nullptr && method->isConst() &&
                           (method->getParent()->isInStdNamespace() || names_.legacy(method));
        if (!reads || has_side_effects(call->getImplicitObjectArgument())) return true;
        return std::ranges::any_of(call->arguments(), [&](const Expr* each) { return has_side_effects(each); });
    }
    if (const auto* member = dyn_cast<MemberExpr>(expression)) return has_side_effects(member->getBase());
    if (const auto* call = dyn_cast<CallExpr>(expression)) {
        if (const auto* member = dyn_cast<CXXDependentScopeMemberExpr>(call->getCallee()->IgnoreParenImpCasts())) {
            const bool reads =
                !member->isImplicitAccess() && is_reading(member) && !has_side_effects(member->getBase());
            return !reads ||
                   std::ranges::any_of(call->arguments(), [&](const Expr* each) { return has_side_effects(each); });
        }
        const FunctionDecl* function = call->getDirectCallee();
        if (function == nullptr || !function->isInStdNamespace()) return true;
        const auto name = function->getDeclName();
        const bool pure = name.getCXXOverloadedOperator() == OO_Plus ||
                          name.getCXXOverloadedOperator() == OO_Subscript ||
                          (name.isIdentifier() && (name.getAsString() == "to_string" || name.getAsString() == "move" ||
                                                   name.getAsString() == "max" || name.getAsString() == "min"));
        return !pure ||
               std::ranges::any_of(call->arguments(), [&](const Expr* each) { return has_side_effects(each); });
    }
    return true;
}

void name_visitor::swap_arguments(CallExpr* call, groups::key group, SourceLocation at) {
    if (call->getNumArgs() != 2) return sink_.refuse(group, at, "unsupported");
    const Expr* first = call->getArg(0);
    const Expr* second = call->getArg(1);
    const auto left = unit_.range_of(first->getSourceRange(), at);
    const auto right = unit_.range_of(second->getSourceRange(), at);
    if (!left || !right || left->file != right->file) return sink_.refuse(group, at, "macro-argument");
    if (has_side_effects(first) && has_side_effects(second)) return sink_.refuse(group, at, "side-effects");
    for (const auto& [to, from, argument] : {std::tuple(*left, *right, second), std::tuple(*right, *left, first)}) {
        edit moved;
        moved.text = vector_before_braces(argument);
        moved.file = to.file;
        moved.offset = to.begin;
        moved.length = to.end - to.begin;
        moved.moved_offset = from.begin;
        moved.moved_length = from.end - from.begin;
        moved.group = group;
        unit_.found().edits.add(moved);
    }
}

void name_visitor::drop_call(CallExpr* call, groups::key group, const place& at, const Expr* base, SourceLocation dot,
                             bool arrow) {
    const auto whole = unit_.range_of({call->getCallee()->getEndLoc(), call->getEndLoc()});
    const auto point = unit_.place_of(dot);
    const auto object = base == nullptr ? std::nullopt : unit_.range_of(base->getSourceRange(), dot);
    if (!whole || !point || !object || point->file != whole->file || object->file != at.file) {
        return sink_.refuse(group, call->getExprLoc(), base == nullptr ? "unsupported" : "macro-argument");
    }
    const std::string& text = unit_.text_of(at.file);
    const unsigned next = skip_spaces(text, whole->end);
    if (next < text.size() && text[next] == '.') {
        // x.as_device_buffer().len() and x->as_device_buffer().len(): what stands before the name stays.
        sink_.put(group, at.file, at.offset, skip_spaces(text, next + 1), "");
        return;
    }
    if (arrow) sink_.put(group, at.file, object->begin, object->begin, "*", 1);
    sink_.put(group, at.file, point->offset, whole->end, "");
}

void name_visitor::call_to_free(CallExpr* call, legacy_name name, groups::key group, const place& at, const Expr* base,
                                SourceLocation dot, bool arrow) {
    const auto object = base == nullptr ? std::nullopt : unit_.range_of(base->getSourceRange(), dot);
    const auto first = call->getNumArgs() == 1 ? unit_.range_of(call->getArg(0)->getSourceRange(), dot) : std::nullopt;
    const auto point = unit_.place_of(dot);
    if (!object || !first || !point) {
        return sink_.refuse(group, call->getExprLoc(), base == nullptr ? "unsupported" : "macro-argument");
    }
    sink_.put(group, at.file, object->begin, object->begin,
              scope_mark + std::string(name.spelled->replacement) + "(" + (arrow ? "*" : ""));
    sink_.put(group, at.file, point->offset, first->begin, ", ");
}

bool name_visitor::VisitUnaryOperator(UnaryOperator* taken) {
    if (taken->getOpcode() != UO_AddrOf) return true;
    // The new method may throw where the old one could not, and then its address is of another type.
    const QualType wanted = declarators_.type_made_from(taken);
    const auto* pointer = wanted.isNull() ? nullptr : wanted->getAs<MemberPointerType>();
    const auto* called = pointer == nullptr ? nullptr : pointer->getPointeeType()->getAs<FunctionProtoType>();
    const auto* method = dyn_cast<DeclRefExpr>(taken->getSubExpr()->IgnoreParens());
    if (called != nullptr && method != nullptr && called->isNothrow()) {
        const legacy_name name = names_.legacy(method->getDecl());
        const auto group = name ? sink_.site_at(method->getLocation(), name) : std::nullopt;
        if (group && !name.spelled->never_throws) sink_.refuse(*group, method->getLocation(), "address-taken");
    }
    const Expr* operand = taken->getSubExpr()->IgnoreParenImpCasts();
    if (names_.is_legacy_class(operand->getType(), "gpu::DynamicGpuBuffer")) {
        const auto at = unit_.place_of(taken->getExprLoc());
        unit_.found().block(flow_.here(), "pointer", at.value_or(place{}));
    }
    return true;
}

}  // namespace migrate
