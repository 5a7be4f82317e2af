// SPDX-License-Identifier: Apache-2.0
// Walks one parsed unit and puts what it finds into the facts: legacy names, the edits that would migrate them, and
// what must change together. The visitor says where a name stands; the rules say what becomes of it.
#pragma once

#include "clang/broken_code.hpp"
#include "clang/written_words.hpp"
#include "collect/concern.hpp"

namespace migrate {

class name_visitor : public clang::RecursiveASTVisitor<name_visitor> {
    using walker = clang::RecursiveASTVisitor<name_visitor>;

  public:
    name_visitor(UnitContext& unit, const broken_code& broken);

    void read();
    // Whether a generic lambda asks for legacy names and was instantiated by no body that was read.
    bool wants_bodies() const { return wants_bodies_; }

    bool shouldVisitTemplateInstantiations() const { return true; }

    bool TraverseDecl(clang::Decl* declaration);
    bool TraverseStmt(clang::Stmt* statement);
    bool TraverseConstructorInitializer(clang::CXXCtorInitializer* initializer);
    bool TraverseCXXForRangeStmt(clang::CXXForRangeStmt* loop);
    bool TraverseCXXTryStmt(clang::CXXTryStmt* block);
    template <typename... Qualifier>  // Clang 22 also says whether its scopes are to be traversed
    bool TraverseDecltypeTypeLoc(clang::DecltypeTypeLoc asked, Qualifier... qualifier) {
        const Frames::Scope entered = frames_.enter_question(false);
        return walker::TraverseDecltypeTypeLoc(asked, qualifier...);
    }
    bool TraverseRequiresExpr(clang::RequiresExpr* asked);
    bool TraverseCXXNoexceptExpr(clang::CXXNoexceptExpr* asked);
    bool TraverseLambdaExpr(clang::LambdaExpr* lambda);
    bool TraverseTemplateArgumentLoc(const clang::TemplateArgumentLoc& argument);

    bool VisitTypeLoc(clang::TypeLoc type);
    bool VisitDeclRefExpr(clang::DeclRefExpr* use);
    bool VisitMemberExpr(clang::MemberExpr* use);
    bool VisitCXXDependentScopeMemberExpr(clang::CXXDependentScopeMemberExpr* use);
    bool VisitDependentScopeDeclRefExpr(clang::DependentScopeDeclRefExpr* use);
    bool VisitOverloadExpr(clang::OverloadExpr* use);
    bool VisitCallExpr(clang::CallExpr* call);
    bool VisitCXXConstructExpr(clang::CXXConstructExpr* made);
    bool VisitInitListExpr(clang::InitListExpr* list);
    bool VisitCastExpr(clang::CastExpr* cast);
    bool VisitCXXDynamicCastExpr(clang::CXXDynamicCastExpr* cast);
    bool VisitCXXTypeidExpr(clang::CXXTypeidExpr* asked);
    bool VisitUnaryOperator(clang::UnaryOperator* taken);
    bool VisitCompoundStmt(clang::CompoundStmt* block);
    bool VisitCXXThrowExpr(clang::CXXThrowExpr* thrown);
    bool VisitDeclaratorDecl(clang::DeclaratorDecl* declared);
    bool VisitVarDecl(clang::VarDecl* variable);
    bool VisitFieldDecl(clang::FieldDecl* field);
    bool VisitCXXRecordDecl(clang::CXXRecordDecl* record);
    bool VisitUsingDecl(clang::UsingDecl* declaration);
    bool VisitUsingDirectiveDecl(clang::UsingDirectiveDecl* directive);
    bool VisitNamespaceAliasDecl(clang::NamespaceAliasDecl* alias);

  private:
    void note_other_meaning(const clang::NamedDecl* meant, clang::SourceLocation location);

    // dependent_names.cpp: the legacy template that a type or a value of unknown arguments is made from, or null.
    const clang::TemplateDecl* legacy_template(clang::QualType type);
    const clang::TemplateDecl* legacy_template(const clang::Expr* value);
    const clang::TemplateDecl* legacy_template_returned(const clang::TemplateDecl* owner,
                                                        clang::DeclarationName member);
    const clang::TemplateDecl* legacy_template_of_base(const clang::CXXDependentScopeMemberExpr* use);
    legacy_name dependent_member(const clang::CXXDependentScopeMemberExpr* use);
    // Whether a constant method of a legacy or standard template is named.
    bool is_reading(const clang::CXXDependentScopeMemberExpr* use);

    // opaque_holes.cpp: objects whose type is forgotten and asked for elsewhere.
    void unite_opaque(clang::QualType type);
    void note_opaque_call(const clang::FunctionDecl* callee);

    // expression_edits.cpp, type_edits.cpp, declaration_edits.cpp, namespace_edits.cpp: the edits of each edit_kind.
    void edit_call(clang::CallExpr* call, legacy_name name, clang::SourceLocation name_location,
                   const clang::Expr* base, clang::SourceLocation dot, bool arrow);
    // `std::vector<T>` for an argument that is braces alone and makes one; else nothing.
    std::string vector_before_braces(const clang::Expr* argument);
    void name_braced_vectors(clang::CallExpr* call);
    void drop_template_arguments(legacy_name name, clang::SourceLocation open, clang::SourceLocation close);
    void swap_arguments(clang::CallExpr* call, groups::key group, clang::SourceLocation at);
    void drop_call(clang::CallExpr* call, groups::key group, const place& at, const clang::Expr* base,
                   clang::SourceLocation dot, bool arrow);
    void call_to_free(clang::CallExpr* call, legacy_name name, groups::key group, const place& at,
                      const clang::Expr* base, clang::SourceLocation dot, bool arrow);
    void edit_construct(clang::CXXConstructExpr* made, clang::SourceLocation at);
    void drop_last_argument(const clang::Expr* argument, const clang::Expr* previous, groups::key group);
    bool can_be_dropped(const clang::Expr* argument);
    bool has_side_effects(const clang::Expr* expression);
    void edit_type(clang::QualType type, clang::NamedDecl* declaration, clang::SourceLocation location,
                   bool through_using);
    void spell_defaults(groups::key group, const std::string& file, unsigned begin, unsigned end, unsigned given);
    void designate(const clang::InitListExpr* written, groups::key group);
    void bind_all_members(const clang::DecompositionDecl* bound);
    void instantiate_explicitly(const clang::ClassTemplateSpecializationDecl* made);
    bool in_scope_of_base(clang::SourceLocation location, const clang::NamedDecl* named);

    // explicit_instantiations.cpp
    void note_explicit_instantiation(const clang::FunctionDecl* made);
    void read_explicit_instantiations();
    // `why`: a reason to leave all of it.
    void read_explicit_instantiation(clang::FileID file, const std::vector<word>& words,
                                     const std::vector<const clang::FunctionDecl*>& made, std::string_view why);
    bool take_handle(const std::string& path, const std::vector<word>& words, std::size_t at);
    // hidden_defaults.cpp
    bool has_config_argument(const clang::ClassTemplateSpecializationDecl* made);
    bool is_config_within(clang::QualType type);
    void refuse_hidden_defaults(const clang::CXXConstructExpr* made);
    void refuse_hidden_defaults(const clang::CallExpr* call);
    void refuse_hidden_defaults(const clang::CXXRecordDecl* record);

    // held_handles.cpp
    bool refers_to_untyped(clang::QualType type);
    bool gives_handle(const clang::Expr* value);
    bool is_handle(const clang::Expr* value);
    void hold_by_value(clang::VarDecl* variable);
    void refuse_changed_owner(const clang::CallExpr* call);

    // hidden_names.cpp: the new name of a member, qualified where the program's own would be found instead.
    std::string past_hiding(const clang::MemberExpr* use, legacy_name name);
    bool declares_before_legacy(const clang::CXXRecordDecl* record, clang::DeclarationName name);
    bool mentions_legacy_base(const clang::CXXRecordDecl* record);
    bool is_local_name(const std::string& name);

    // forwarded_construction.cpp: whether a type is, or holds, an error handler; a class whose objects need none now.
    bool holds_error_handler(clang::QualType type);
    bool drops_error_handler(clang::QualType type);
    void refuse_hidden_construction(clang::QualType owner, llvm::ArrayRef<const clang::Expr*> arguments,
                                    clang::SourceLocation at);
    void edit_forwarded_construct(clang::CallExpr* call);

    // view_candidates.cpp, for --zero-copy:
    void study_copies(clang::VarDecl* variable);
    void note_copies(const place& at, legacy_name name, unsigned call_end);

    // catch_clauses.cpp
    void note_asked_error(clang::QualType type);
    void read_handler(clang::CXXTryStmt* block, unsigned index, const std::string& try_body);
    // passing_handlers.cpp: makes the handler do with failures of module 2 what the handler behind it did.
    void let_untyped_pass(clang::CXXTryStmt* block, unsigned index, catch_clause& clause);

    UnitContext& unit_;
    const broken_code& broken_;
    WalkState state_{unit_};
    DeclaredNames& names_ = state_.names;
    Keys& keys_ = state_.keys;
    Frames& frames_ = state_.frames;
    Flow& flow_ = state_.flow;
    CallTrail& trail_ = state_.trail;
    EditSink& sink_ = state_.sink;
    Declarators& declarators_ = state_.declarators;
    std::vector<std::string> handling_;                     // try bodies whose handlers are being read
    std::vector<const clang::FunctionDecl*> instantiated_;  // explicitly, for legacy types
    std::map<const clang::FunctionDecl*, std::set<std::string>> local_names_;
    std::set<const clang::Expr*> called_;     // callees, so that a bare name is one whose address is taken
    std::set<const clang::Expr*> assigned_;   // left sides of assignments of objects
    std::set<const clang::Expr*> discarded_;  // full expressions whose value nobody uses
    std::set<place> handles_, pointers_, factories_;
    std::size_t open_names_ = 0;  // dependent names met so far
    bool wants_bodies_ = false;
};

}  // namespace migrate

extern template class clang::RecursiveASTVisitor<migrate::name_visitor>;
