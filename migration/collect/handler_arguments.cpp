// SPDX-License-Identifier: Apache-2.0
#include "collect/handler_arguments.hpp"

#include "text/source_text.hpp"

namespace migrate {

using namespace clang;

bool HandlerArguments::can_be_dropped(const Expr* argument) {
    argument = argument->IgnoreImplicit()->IgnoreParenImpCasts();
    if (isa<DeclRefExpr, CXXNullPtrLiteralExpr>(argument)) return true;
    if (const auto* member = dyn_cast<MemberExpr>(argument)) {
        return isa<CXXThisExpr>(member->getBase()->IgnoreParenImpCasts()) || can_be_dropped(member->getBase());
    }
    if (const auto* made = dyn_cast<CXXConstructExpr>(argument)) {
        return std::ranges::all_of(made->arguments(), [&](const Expr* each) { return can_be_dropped(each); });
    }
    if (const auto* cast = dyn_cast<CastExpr>(argument)) return can_be_dropped(cast->getSubExpr());
    if (const auto* call = dyn_cast<CallExpr>(argument)) {
        const FunctionDecl* function = call->getDirectCallee();
        if (function == nullptr || !function->getDeclName().isIdentifier()) return false;
        const bool known = function->getName() == "get_global_cuda_error_handler" || function->getName() == "move" ||
                           function->getName() == "make_shared";
        return known && std::ranges::all_of(call->arguments(), [&](const Expr* each) { return can_be_dropped(each); });
    }
    return false;
}

void HandlerArguments::drop_last(const Expr* argument, const Expr* previous, Groups::Key group) {
    const auto range = unit_.file_range_of(argument->getSourceRange());
    if (!range) return sink_.refuse(group, argument->getExprLoc(), "macro-argument");
    if (!can_be_dropped(argument)) return sink_.refuse(group, argument->getExprLoc(), "side-effects");
    unsigned begin = range->begin;
    if (previous != nullptr) {
        const auto before = unit_.file_range_of(previous->getSourceRange());
        if (!before) return sink_.refuse(group, argument->getExprLoc(), "macro-argument");
        begin = before->end;
    }
    sink_.put(group, range->file, begin, range->end, "");
    const Expr* inner = argument->IgnoreImplicit()->IgnoreParenImpCasts();
    while (true) {
        if (const auto* made = dyn_cast<CXXConstructExpr>(inner); made != nullptr && made->getNumArgs() == 1) {
            inner = made->getArg(0)->IgnoreImplicit()->IgnoreParenImpCasts();
        } else if (const auto* call = dyn_cast<CallExpr>(inner); call != nullptr && call->getNumArgs() == 1) {
            inner = call->getArg(0)->IgnoreImplicit()->IgnoreParenImpCasts();
        } else {
            break;
        }
    }
    if (const auto* named = dyn_cast<DeclRefExpr>(inner)) {
        if (const auto at = unit_.place_of(named->getLocation())) unit_.found().dropped_handler_uses[*at] = group;
    }
}

void HandlerArguments::read(const VarDecl* variable) {
    const auto at = unit_.place_of(variable->getLocation());
    if (!at || variable->getLocation().isMacroID()) return;
    const QualType type = variable->getType();
    const bool initialised = variable->getInit() != nullptr;
    const auto* holder =
        dyn_cast_or_null<ClassTemplateSpecializationDecl>(type.getNonReferenceType()->getAsCXXRecordDecl());
    if (holder == nullptr || holder->getName() != "shared_ptr" || holder->getTemplateArgs().size() == 0) return;
    const auto* held = holder->getTemplateArgs()[0].getAsType()->getAsCXXRecordDecl();
    if (held == nullptr || !names_.is_error_name(held) || held->getName() != "CudaErrorHandler") return;
    HandlerVariable& known = unit_.found().handler_variables[*at];
    const std::string& text = unit_.text_of(at->file);
    if (const auto* parameter = dyn_cast<ParmVarDecl>(variable)) {
        const auto* function = dyn_cast<FunctionDecl>(parameter->getDeclContext());
        if (function != nullptr && function->isThisDeclarationADefinition()) {
            known.name = {at->file, at->offset, identifier_end(text, at->offset)};
        }
    } else if (const auto range = unit_.file_range_of(variable->getSourceRange());
               range && variable->isLocalVarDecl() && (!initialised || can_be_dropped(variable->getInit()))) {
        const unsigned semicolon = skip_spaces(text, range->end);
        const unsigned before = previous_character(text, range->begin);
        const bool alone = before < text.size() && std::string_view(";{}").find(text[before]) != std::string_view::npos;
        const bool after_comment = before < text.size() && !alone && line_begin(text, range->begin) > before;
        if (semicolon < text.size() && text[semicolon] == ';' && (alone || after_comment)) {
            known.statement = {at->file, range->begin, semicolon + 1};
        }
    }
}

void HandlerArguments::note_use(const DeclRefExpr* use) {
    const auto at = unit_.place_of(use->getDecl()->getLocation());
    if (!at) return;
    const auto variable = unit_.found().handler_variables.find(*at);
    const auto here = unit_.place_of(use->getLocation());
    if (variable != unit_.found().handler_variables.end() && here) variable->second.uses.insert(*here);
}

}  // namespace migrate
