// SPDX-License-Identifier: Apache-2.0
#include "collect/calls.hpp"

#include "text/source_text.hpp"

namespace migrate {

using namespace clang;

void Calls::read(const CompoundStmt* block) {
    for (const Stmt* each : block->body()) {
        if (const auto* expression = dyn_cast<Expr>(each)) discarded_.insert(expression->IgnoreImplicit());
    }
}

std::string Calls::vector_before_braces(const Expr* argument) {
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
void Calls::name_braced_vectors(CallExpr* call) {
    const FunctionDecl* function = call->getDirectCallee();
    const LegacyName name = function == nullptr ? LegacyName{} : names_.legacy(function);
    // Where arguments change places the words go with them.
    if (!name || !name.spelled->takes_spans || name.spelled->kind == EditKind::swap_arguments) return;
    for (const Expr* each : call->arguments()) {
        const std::string words = vector_before_braces(each);
        const auto at = unit_.place_of(each->getBeginLoc());
        if (!words.empty()) sink_.put(flow_.here(), at->file, at->offset, at->offset, words, 2);
    }
}

// make_buffer_from takes any range and finds its element type by itself.
void Calls::drop_template_arguments(LegacyName name, SourceLocation open, SourceLocation close) {
    const auto range = open.isInvalid() || !name.spelled->takes_spans ? std::nullopt : unit_.range_of({open, close});
    if (range) sink_.put(flow_.here(), range->file, range->begin, range->end, "");
}

void Calls::read(CallExpr* call) {
    const Expr* callee = call->getCallee()->IgnoreParenImpCasts();
    called_.insert(callee);
    name_braced_vectors(call);
    if (const auto* member = dyn_cast<MemberExpr>(callee)) {
        if (const LegacyName name = names_.legacy(member->getMemberDecl())) {
            const Expr* base = member->isImplicitAccess() ? nullptr : member->getBase();
            edit_call(call, name, member->getMemberLoc(), base, member->getOperatorLoc(), member->isArrow());
        }
    } else if (const auto* dependent = dyn_cast<CXXDependentScopeMemberExpr>(callee)) {
        if (const LegacyName name = dependent_.member(dependent)) {
            const Expr* base = dependent->isImplicitAccess() ? nullptr : dependent->getBase();
            edit_call(call, name, dependent->getMemberLoc(), base, dependent->getOperatorLoc(), dependent->isArrow());
        }
    } else if (const auto* named = dyn_cast<DeclRefExpr>(callee)) {
        if (const LegacyName name = names_.legacy(named->getDecl());
            name && name.spelled->kind == EditKind::swap_arguments) {
            if (call->getNumArgs() == 2 && effects_.any_in(call->getArg(0)) && effects_.any_in(call->getArg(1))) {
                ordered_.insert(named);
                return;
            }
            edit_call(call, name, named->getLocation(), nullptr, {}, false);
            drop_template_arguments(name, named->getLAngleLoc(), named->getRAngleLoc());
        } else if (!isa<FunctionDecl>(named->getDecl())) {
            trail_.note_unknown_call();
        }
    } else if (const auto* overloads = dyn_cast<OverloadExpr>(callee)) {
        for (const NamedDecl* each : overloads->decls()) {
            const LegacyName name = names_.legacy(each->getUnderlyingDecl());
            if (name && name.spelled->kind == EditKind::swap_arguments) {
                edit_call(call, name, overloads->getNameLoc(), nullptr, {}, false);
                drop_template_arguments(name, overloads->getLAngleLoc(), overloads->getRAngleLoc());
                break;
            }
        }
    } else if (call->getDirectCallee() == nullptr && !call->isTypeDependent()) {
        trail_.note_unknown_call();
    }
}

void Calls::edit_call(CallExpr* call, LegacyName name, SourceLocation name_location, const Expr* base,
                      SourceLocation dot, bool arrow) {
    // A transition type has that name for its address alone.
    if (name.from->module == "transition" && name.spelled->kind == EditKind::keep) return;
    const auto group = sink_.site_at(name_location, name);
    if (!group) return;
    const auto at = unit_.place_of(name_location);
    switch (name.spelled->kind) {
        case EditKind::swap_arguments: {
            const bool through_using = false;
            sink_.edit_name(*group, *at, name, name.spelled->replacement, through_using, true);
            swap_arguments(call, *group, name_location);
            break;
        }
        case EditKind::drop_call:
            drop_call(call, *group, *at, base, dot, arrow);
            break;
        case EditKind::to_free:
            call_to_free(call, name, *group, *at, base, dot, arrow);
            break;
        case EditKind::append: {
            const auto whole = unit_.range_of({name_location, call->getEndLoc()});
            if (!whole) return sink_.refuse(*group, name_location, "macro-argument");
            const auto* member = dyn_cast<MemberExpr>(call->getCallee()->IgnoreParenImpCasts());
            sink_.put(*group, at->file, at->offset, identifier_end(unit_.text_of(at->file), at->offset),
                      member == nullptr ? std::string(name.spelled->replacement) : hidden_.past_hiding(member, name));
            if (discarded_.contains(call)) break;
            sink_.put(*group, at->file, whole->end, whole->end, "." + std::string(name.spelled->suffix), -1);
            views_.note_copying(*at, name, whole->end);
            break;
        }
        case EditKind::handle_call:
            views_.note_blocking(*at, name);
            break;
        default:
            break;
    }
}

void Calls::swap_arguments(CallExpr* call, Groups::Key group, SourceLocation at) {
    if (call->getNumArgs() != 2) return sink_.refuse(group, at, "unsupported");
    const Expr* first = call->getArg(0);
    const Expr* second = call->getArg(1);
    const auto left = unit_.range_of(first->getSourceRange(), at);
    const auto right = unit_.range_of(second->getSourceRange(), at);
    if (!left || !right || left->file != right->file) return sink_.refuse(group, at, "macro-argument");
    if (effects_.any_in(first) && effects_.any_in(second)) return sink_.refuse(group, at, "side-effects");
    for (const auto& [to, from, argument] : {std::tuple(*left, *right, second), std::tuple(*right, *left, first)}) {
        Edit moved;
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

void Calls::drop_call(CallExpr* call, Groups::Key group, const Place& at, const Expr* base, SourceLocation dot,
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

void Calls::call_to_free(CallExpr* call, LegacyName name, Groups::Key group, const Place& at, const Expr* base,
                         SourceLocation dot, bool arrow) {
    const auto object = base == nullptr ? std::nullopt : unit_.range_of(base->getSourceRange(), dot);
    const auto first = call->getNumArgs() == 1 ? unit_.range_of(call->getArg(0)->getSourceRange(), dot) : std::nullopt;
    const auto point = unit_.place_of(dot);
    if (!object || !first || !point) {
        return sink_.refuse(group, call->getExprLoc(), base == nullptr ? "unsupported" : "macro-argument");
    }
    sink_.put(group, at.file, object->begin, object->begin,
              "triune::" + std::string(name.spelled->replacement) + "(" + (arrow ? "*" : ""));
    sink_.put(group, at.file, point->offset, first->begin, ", ");
}

}  // namespace migrate
