// SPDX-License-Identifier: Apache-2.0
#include "collect/walker.hpp"

// Made once: it is most of what a file that includes the walker would compile.
template class clang::RecursiveASTVisitor<migrate::Walker>;

namespace migrate {

using namespace clang;

void Walker::read() {
    for (const auto& [file, regions] : broken_.regions()) {
        if (const FileKind& kind = unit_.kind_of(file); kind.project)
            unit_.found().files[kind.path].broken.insert(regions.begin(), regions.end());
    }
    for (Decl* each : unit_.tree().getTranslationUnitDecl()->decls()) {
        // What is instantiated explicitly begins where that is written, and its name stands where the template does.
        const bool made = isa<ClassTemplateSpecializationDecl>(each);
        if (unit_.is_project(made ? each->getBeginLoc() : each->getLocation())) TraverseDecl(each);
    }
    of_.explicit_instantiations.read_words();
}

bool Walker::TraverseDecl(Decl* declaration) {
    if (declaration == nullptr || broken_.holds(declaration)) return true;
    if (const auto* named = dyn_cast<NamedDecl>(declaration); named != nullptr && !broken_.empty() &&
                                                              named->getLocation().isValid() &&
                                                              broken_.mentions(named->getNameAsString())) {
        unit_.found().together.block(state_.keys.of(named), "broken-declaration");
    }
    const Frames::Scope entered = state_.frames.enter(declaration);
    const auto* function = dyn_cast<FunctionDecl>(declaration);
    if (function == nullptr) return Base::TraverseDecl(declaration);
    of_.explicit_instantiations.note(function);
    of_.inner_buffers.read(function);
    of_.held_handles.read(function);
    const CallTrail::Scope calling = state_.trail.enter(function);
    return Base::TraverseDecl(declaration);
}

bool Walker::TraverseStmt(Stmt* statement) {
    if (statement == nullptr) return true;
    const Frames::Scope entered = state_.frames.enter(statement);
    return Base::TraverseStmt(statement);
}

bool Walker::TraverseConstructorInitializer(CXXCtorInitializer* initializer) {
    of_.inner_buffers.read(initializer);
    const Frames::Scope entered = state_.frames.enter(initializer);
    return Base::TraverseConstructorInitializer(initializer);
}

bool Walker::TraverseCXXForRangeStmt(CXXForRangeStmt* loop) {
    of_.inner_buffers.read(loop);
    {
        const Frames::Scope entered = state_.frames.enter_head(loop);
        if (!TraverseStmt(loop->getInit()) || !TraverseDecl(loop->getLoopVariable())) return false;
        if (!TraverseStmt(loop->getRangeInit())) return false;
    }
    return TraverseStmt(loop->getBody());
}

bool Walker::TraverseCXXTryStmt(CXXTryStmt* block) {
    const std::string body = of_.catch_clauses.key_of(block);
    bool result = true;
    {
        const CallTrail::Scope calling = state_.trail.enter_try(body);
        result = TraverseStmt(block->getTryBlock());
    }
    for (unsigned each = 0; each < block->getNumHandlers(); ++each) {
        const CatchClauses::Scope handling = of_.catch_clauses.enter(block, each, body);
        if (!TraverseStmt(block->getHandler(each))) return false;
    }
    return result;
}

// What a generic lambda is instantiated for hangs on its closure class, which no walk of the tree enters.
bool Walker::TraverseLambdaExpr(LambdaExpr* lambda) {
    const CXXMethodDecl* called = lambda->getCallOperator();
    state_.flow.link_lambda(called);
    of_.inner_buffers.read(called);
    of_.held_handles.read(called);
    of_.held_handles.read(lambda);
    of_.inner_buffers.read_passed_on(called);
    const std::size_t met = of_.dependent_names.met();
    if (!Base::TraverseLambdaExpr(lambda)) return false;
    const FunctionTemplateDecl* pattern = called->getDescribedFunctionTemplate();
    if (pattern == nullptr) return true;
    if (of_.dependent_names.met() > met) of_.dependent_names.note_generic(lambda);
    for (FunctionDecl* made : pattern->specializations()) {
        of_.inner_buffers.read(made);
        of_.inner_buffers.read_passed_on(made);
        const Frames::Scope entered = state_.frames.enter_instance(made);
        bool result = true;
        for (ParmVarDecl* each : made->parameters()) result = result && TraverseDecl(each);
        if (made->hasBody()) result = result && TraverseStmt(made->getBody());
        if (!result) return false;
    }
    return true;
}

bool Walker::TraverseTemplateArgumentLoc(const TemplateArgumentLoc& argument) {
    of_.type_names.read(argument);
    return Base::TraverseTemplateArgumentLoc(argument);
}

bool Walker::TraverseRequiresExpr(RequiresExpr* asked) {
    const Frames::Scope entered = state_.frames.enter_question(false);
    return Base::TraverseRequiresExpr(asked);
}

bool Walker::TraverseCXXNoexceptExpr(CXXNoexceptExpr* asked) {
    const Frames::Scope entered = state_.frames.enter_question(true);
    return Base::TraverseCXXNoexceptExpr(asked);
}

bool Walker::VisitVarDecl(VarDecl* variable) {
    const auto at = unit_.place_of(variable->getLocation());
    of_.view_candidates.read(variable);
    of_.inner_buffers.read(variable);
    if (!at) return true;
    of_.config_defaults.read(variable);
    of_.held_handles.read(variable);
    of_.handler_arguments.read(variable);
    return true;
}

bool Walker::VisitFieldDecl(FieldDecl* field) {
    of_.config_defaults.read(field);
    of_.held_handles.read(field);
    of_.inner_buffers.read(field);
    of_.opaque_holes.read(field);
    return true;
}

bool Walker::VisitCXXRecordDecl(CXXRecordDecl* record) {
    if (const auto* made = dyn_cast<ClassTemplateSpecializationDecl>(record);
        made != nullptr && made->isExplicitInstantiationOrSpecialization() && !made->isExplicitSpecialization()) {
        return of_.explicit_instantiations.read(made), true;
    }
    of_.hidden_defaults.read(record);
    of_.namespace_names.read(record);
    return true;
}

// As it is written, a list names a template's overloads; which of them is meant stands in its other form alone.
bool Walker::VisitInitListExpr(InitListExpr* list) {
    of_.config_defaults.read(list);
    of_.inner_buffers.read(list);
    const InitListExpr* meant = list->isSemanticForm() ? list : list->getSemanticForm();
    if (meant == nullptr || meant->isSyntacticForm()) return true;
    for (const Expr* each : meant->inits()) {
        const Expr* value = each == nullptr ? nullptr : each->IgnoreParenImpCasts();
        const auto* taken = dyn_cast_or_null<UnaryOperator>(value);
        const auto* named = dyn_cast_or_null<DeclRefExpr>(taken == nullptr ? value : taken->getSubExpr());
        if (named == nullptr || !isa<FunctionDecl>(named->getDecl())) continue;
        if (taken != nullptr) of_.used_names.read(taken);
        of_.used_names.read(named);
    }
    return true;
}

bool Walker::VisitDeclRefExpr(DeclRefExpr* use) {
    const auto* function = dyn_cast<FunctionDecl>(use->getDecl());
    if (function != nullptr && !of_.calls.is_callee(use)) of_.inner_buffers.read_passed_on(function);
    of_.used_names.read(use);
    return true;
}

bool Walker::VisitCXXConstructExpr(CXXConstructExpr* made) {
    of_.construction.read(made);
    of_.held_handles.read(made);
    of_.inner_buffers.read(made);
    return true;
}

bool Walker::VisitCastExpr(CastExpr* cast) {
    of_.opaque_holes.read(cast);
    of_.inner_buffers.read(cast);
    return true;
}

bool Walker::VisitVAArgExpr(VAArgExpr* taken) {
    of_.opaque_holes.read(taken);
    return true;
}

bool Walker::VisitCallExpr(CallExpr* call) {
    of_.opaque_holes.read(call);
    of_.forwarded_construction.read(call);
    of_.held_handles.read(call);
    of_.inner_buffers.read(call);
    of_.hidden_defaults.read(call);
    of_.calls.read(call);
    return true;
}

}  // namespace migrate
