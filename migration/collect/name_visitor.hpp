// SPDX-License-Identifier: Apache-2.0
// Walks one parsed unit and puts what it finds into the facts: legacy names, the edits that would migrate them, and
// what must change together. The visitor says where a name stands; the rules say what becomes of it.
#pragma once

#include "clang/broken_code.hpp"
#include "clang/clang_headers.hpp"
#include "clang/written_words.hpp"
#include "facts/facts.hpp"
#include "project/compile_command.hpp"
#include "project/options.hpp"

namespace migrate {

struct file_kind {
    std::string path;  // real; empty for built-in text
    bool project = false;
    const rule* legacy = nullptr;
    bool error_header = false;
};

class name_visitor : public clang::RecursiveASTVisitor<name_visitor> {
    using walker = clang::RecursiveASTVisitor<name_visitor>;

  public:
    // `inherited`: files that are system headers by nothing but what a precompiled header says of itself.
    name_visitor(clang::ASTContext& context, facts& found, const options& asked, const unit_command& unit,
                 const broken_code& broken, const std::set<clang::FileID>& inherited);

    void read();
    // Whether a generic lambda asks for legacy names and was instantiated by no body that was read.
    bool wants_bodies() const { return wants_bodies_; }
    const std::string& unit() const { return unit_; }  // its id
    // Of a file of this unit, by identity; also registers project files with their contents.
    const file_kind& kind_of(clang::FileID file);

    bool shouldVisitTemplateInstantiations() const { return true; }

    bool TraverseDecl(clang::Decl* declaration);
    bool TraverseStmt(clang::Stmt* statement);
    bool TraverseConstructorInitializer(clang::CXXCtorInitializer* initializer);
    bool TraverseCXXForRangeStmt(clang::CXXForRangeStmt* loop);
    bool TraverseCXXTryStmt(clang::CXXTryStmt* block);
    template <typename... Qualifier>  // Clang 22 also says whether its scopes are to be traversed
    bool TraverseDecltypeTypeLoc(clang::DecltypeTypeLoc asked, Qualifier... qualifier) {
        ++probing_;
        const bool result = walker::TraverseDecltypeTypeLoc(asked, qualifier...);
        --probing_;
        return result;
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
    bool VisitVarDecl(clang::VarDecl* variable);
    bool VisitFunctionDecl(clang::FunctionDecl* function);
    bool VisitFieldDecl(clang::FieldDecl* field);
    bool VisitCXXRecordDecl(clang::CXXRecordDecl* record);
    bool VisitUsingDecl(clang::UsingDecl* declaration);
    bool VisitUsingDirectiveDecl(clang::UsingDirectiveDecl* directive);
    bool VisitNamespaceAliasDecl(clang::NamespaceAliasDecl* alias);

  private:
    // One level of "what changes together": a declaration, or a full expression.
    struct frame {
        groups::key group;
        bool whole;           // expressions inside belong to it
        groups::key returns;  // what a return statement changes with, or -1
    };
    class scope;  // pushes a frame and pops it

    // name_visitor.cpp: places and names.
    bool leads_out(llvm::StringRef name, const std::string& path) const;
    // Where the token is spelled, be it in an argument or in the body of a macro.
    std::optional<place> place_of(clang::SourceLocation location);
    // At the level of `anchor`, or else of the range's beginning: what stands in a file or in one body of a macro.
    std::optional<text_range> range_of(clang::SourceRange range, clang::SourceLocation anchor = {});
    clang::FileID level_of(clang::SourceLocation location);
    // The same, of what no macro has made.
    std::optional<place> file_place_of(clang::SourceLocation location);
    std::optional<text_range> file_range_of(clang::SourceRange range);
    void note_other_meaning(const clang::NamedDecl* meant, clang::SourceLocation location);
    const std::string& text_of(const std::string& file) { return found_.files[file].content; }
    std::string qualified_name(const clang::NamedDecl* declaration);
    legacy_name legacy(const clang::NamedDecl* declaration);
    bool is_legacy_class(clang::QualType type, std::string_view qualified);
    bool is_error_name(const clang::NamedDecl* declaration);
    void note_staying(const clang::NamedDecl* declaration, clang::SourceLocation location, bool through_using);
    // The group of the site at `location`, linked to where it stands; nothing where no edit may be made there.
    std::optional<groups::key> site_at(clang::SourceLocation location, legacy_name name, std::string_view reason = {});
    std::optional<groups::key> name_use(clang::SourceLocation location, legacy_name name);

    // dependent_names.cpp: the legacy template that a type or a value of unknown arguments is made from, or null.
    const clang::TemplateDecl* legacy_template(clang::QualType type);
    const clang::TemplateDecl* legacy_template(const clang::Expr* value);
    const clang::TemplateDecl* legacy_template_returned(const clang::TemplateDecl* owner,
                                                        clang::DeclarationName member);
    const clang::TemplateDecl* legacy_template_of_base(const clang::CXXDependentScopeMemberExpr* use);
    legacy_name dependent_member(const clang::CXXDependentScopeMemberExpr* use);
    // Whether a constant method of a legacy or standard template is named.
    bool is_reading(const clang::CXXDependentScopeMemberExpr* use);
    // In an instantiation: whether the type, or an argument of it, was written as a parameter of the project's
    // template.
    bool is_substituted(clang::QualType type);

    // flow.cpp: what changes together.
    groups::key key_of(const clang::Decl* declaration);
    std::string call_key(const clang::FunctionDecl* function);
    groups::key here();
    bool is_made_of_legacy(const clang::CXXRecordDecl* record);  // itself, or an argument of its template
    bool mentions_legacy(clang::QualType type);
    void link(const clang::ValueDecl* declaration);
    void link_class(clang::QualType type);
    void link_class(const clang::CXXRecordDecl* record);
    std::optional<groups::key> instantiation_key(const clang::FunctionDecl* made);
    // What is found through a using-declaration changes with it; null is fine.
    void link_using(const clang::NamedDecl* found);
    void note_call(const clang::FunctionDecl* callee);
    void note_throwing_site(legacy_name name, const clang::NamedDecl* declaration, groups::key group);

    // opaque_holes.cpp: objects whose type is forgotten and asked for elsewhere.
    void unite_opaque(clang::QualType type);
    void note_opaque_call(const clang::FunctionDecl* callee);

    // expression_edits.cpp, type_edits.cpp, declaration_edits.cpp, namespace_edits.cpp: the edits of each edit_kind.
    void put(groups::key group, const std::string& file, unsigned begin, unsigned end, std::string text, int order = 0);
    // As put, of a class's name: `replacement`, or its transition type, behind `before`.
    void put_type(groups::key group, const std::string& file, unsigned begin, unsigned end, const std::string& before,
                  const std::string& replacement, legacy_name name);
    void refuse(groups::key group, clang::SourceLocation location, std::string_view reason);
    void edit_name(groups::key group, const place& at, legacy_name name, std::string_view replacement,
                   bool through_using, bool always_scoped = false);
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
    // Whether it is made from a template for legacy types, though its own type need not show them.
    bool is_specialised_for_legacy(const clang::FunctionDecl* function);
    // ... and another unit may hold its code, so that both change together.
    bool is_made_elsewhere(const clang::FunctionDecl* function);
    // Whether an explicit instantiation of its own made it.
    bool note_explicit_instantiation(const clang::FunctionDecl* made);
    void unite_with_template(groups::key group, const clang::FunctionDecl* made);
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

    clang::ASTContext& context_;
    clang::SourceManager& sources_;
    facts& found_;
    const options& asked_;
    std::string unit_;
    std::string directory_;
    const broken_code& broken_;
    const std::set<clang::FileID>& inherited_;
    std::map<clang::FileID, file_kind> kinds_;
    std::map<const clang::Type*, bool> mentions_;
    std::vector<frame> frames_;
    std::vector<std::string> calling_;   // nodes of the call graph that are being read
    std::vector<std::string> handling_;  // try bodies whose handlers are
    std::vector<const clang::CXXRecordDecl*> records_;
    std::vector<const clang::FunctionDecl*> instantiated_;  // explicitly, for legacy types
    groups::key made_explicitly_ = -1;                      // the one of them whose code is being read
    std::vector<clang::FunctionDecl*> functions_;
    std::map<const clang::FunctionDecl*, std::set<std::string>> local_names_;
    std::set<const clang::Expr*> called_;     // callees, so that a bare name is one whose address is taken
    std::set<const clang::Expr*> assigned_;   // left sides of assignments of objects
    std::set<const clang::Expr*> discarded_;  // full expressions whose value nobody uses
    std::set<place> handles_, pointers_, factories_;
    std::set<std::string> scopes_ = {"utils", "gpu"};               // and their aliases
    std::map<const clang::Expr*, clang::QualType> variable_inits_;  // what a declaration itself is made from, as what
    std::size_t open_names_ = 0;                                    // dependent names met so far
    bool wants_bodies_ = false;
    unsigned probing_ = 0;          // expressions that are only asked whether they are valid
    unsigned asking_noexcept_ = 0;  // or whether they may throw, which the new name may answer otherwise
    bool is_field_ = false;
    bool is_parameter_ = false;  // or the variable of a range loop: a reference that nothing outlives
};

}  // namespace migrate

extern template class clang::RecursiveASTVisitor<migrate::name_visitor>;
