// SPDX-License-Identifier: Apache-2.0
// Walks one parsed unit: keeps account of where it stands, and shows each node to the concerns that it is of. They put
// into the facts the legacy names, the edits that would migrate them, and what must change together. They say where a
// name stands; the rules say what becomes of it.
#pragma once

#include "clang/broken_code.hpp"
#include "collect/concerns.hpp"

namespace migrate {

class Walker : clang::RecursiveASTVisitor<Walker> {
    using Base = clang::RecursiveASTVisitor<Walker>;
    friend Base;

  public:
    Walker(UnitContext& unit, const BrokenCode& broken) : unit_(unit), broken_(broken) {}

    void read();
    // Whether a generic lambda asks for legacy names and was instantiated by no body that was read.
    bool wants_bodies() const { return of_.dependent_names.wants_bodies(); }

  private:
    bool shouldVisitTemplateInstantiations() const { return true; }

    bool TraverseDecl(clang::Decl* declaration);
    bool TraverseStmt(clang::Stmt* statement);
    bool TraverseConstructorInitializer(clang::CXXCtorInitializer* initializer);
    bool TraverseCXXForRangeStmt(clang::CXXForRangeStmt* loop);
    bool TraverseCXXTryStmt(clang::CXXTryStmt* block);
    bool TraverseLambdaExpr(clang::LambdaExpr* lambda);
    bool TraverseTemplateArgumentLoc(const clang::TemplateArgumentLoc& argument);
    bool TraverseRequiresExpr(clang::RequiresExpr* asked);
    bool TraverseCXXNoexceptExpr(clang::CXXNoexceptExpr* asked);
    template <typename... Qualifier>  // Clang 22 also says whether its scopes are to be traversed
    bool TraverseDecltypeTypeLoc(clang::DecltypeTypeLoc asked, Qualifier... qualifier) {
        const Frames::Scope entered = state_.frames.enter_question(false);
        return Base::TraverseDecltypeTypeLoc(asked, qualifier...);
    }

    bool VisitDeclaratorDecl(clang::DeclaratorDecl* declared) { return state_.declarators.note(declared), true; }
    bool VisitVarDecl(clang::VarDecl* variable);
    bool VisitFieldDecl(clang::FieldDecl* field);
    bool VisitCXXRecordDecl(clang::CXXRecordDecl* record);
    bool VisitUsingDecl(clang::UsingDecl* named) { return of_.namespace_names.read(named), true; }
    bool VisitUsingDirectiveDecl(clang::UsingDirectiveDecl* named) { return of_.namespace_names.read(named), true; }
    bool VisitNamespaceAliasDecl(clang::NamespaceAliasDecl* alias) { return of_.namespace_names.read(alias), true; }
    bool VisitTypeLoc(clang::TypeLoc type) { return of_.type_names.read(type), true; }

    bool VisitDeclRefExpr(clang::DeclRefExpr* use);
    bool VisitMemberExpr(clang::MemberExpr* use) { return of_.used_names.read(use), true; }
    bool VisitOverloadExpr(clang::OverloadExpr* use) { return of_.used_names.read(use), true; }
    bool VisitUnaryOperator(clang::UnaryOperator* taken) {
        return of_.used_names.read(taken), of_.held_handles.read(taken), true;
    }
    bool VisitCXXDependentScopeMemberExpr(clang::CXXDependentScopeMemberExpr* use) {
        return of_.dependent_names.read(use), true;
    }
    bool VisitDependentScopeDeclRefExpr(clang::DependentScopeDeclRefExpr* use) {
        return of_.dependent_names.read(use), true;
    }
    bool VisitCompoundStmt(clang::CompoundStmt* block) { return of_.calls.read(block), true; }
    bool VisitCallExpr(clang::CallExpr* call);
    bool VisitVAArgExpr(clang::VAArgExpr* taken);
    bool VisitCXXConstructExpr(clang::CXXConstructExpr* made);
    bool VisitCXXNewExpr(clang::CXXNewExpr* made) { return of_.inner_buffers.read(made), true; }
    bool VisitInitListExpr(clang::InitListExpr* list);
    bool VisitCXXParenListInitExpr(clang::CXXParenListInitExpr* list) { return of_.inner_buffers.read(list), true; }
    bool VisitBinaryOperator(clang::BinaryOperator* operation) { return of_.inner_buffers.read(operation), true; }
    bool VisitCastExpr(clang::CastExpr* cast);
    bool VisitCXXDynamicCastExpr(clang::CXXDynamicCastExpr* cast) { return of_.catch_clauses.read(cast), true; }
    bool VisitCXXTypeidExpr(clang::CXXTypeidExpr* asked) { return of_.catch_clauses.read(asked), true; }
    bool VisitCXXThrowExpr(clang::CXXThrowExpr* thrown) { return state_.trail.note_throw(thrown), true; }

    UnitContext& unit_;
    const BrokenCode& broken_;
    WalkState state_{unit_};
    Concerns of_{state_};
};

}  // namespace migrate

extern template class clang::RecursiveASTVisitor<migrate::Walker>;
