// SPDX-License-Identifier: Apache-2.0
// Walks one parsed unit, before or after its edits, and puts down what the program's own text resolves to wherever a
// legacy class has a part in it: functions, values of type questions, specialisations, overriders.
#pragma once

#include <functional>

#include "collect/type_words.hpp"
#include "facts/facts.hpp"

namespace migrate {

class MeaningVisitor : public clang::RecursiveASTVisitor<MeaningVisitor> {
    using Base = clang::RecursiveASTVisitor<MeaningVisitor>;

  public:
    // Where in the unedited text something stands; nothing where an edit wrote it.
    using Unedited = std::function<std::optional<unsigned>(const std::string& path, unsigned offset)>;

    // Before any edit: everything that may come to mean something else.
    MeaningVisitor(clang::ASTContext& context, const std::set<clang::FileID>& inherited);
    // After: what is asked at the places of `wanted`.
    MeaningVisitor(clang::ASTContext& context, const std::set<clang::FileID>& inherited, Unedited where,
                   const std::set<Place>& wanted);

    void read();
    std::vector<Meaning> meanings() const;
    std::map<std::string, TypeUses> told_apart() const;

    bool shouldVisitTemplateInstantiations() const { return true; }
    bool TraverseDecl(clang::Decl* declaration);
    bool TraverseStmt(clang::Stmt* statement);
    bool TraverseLambdaExpr(clang::LambdaExpr* lambda);
    bool VisitTypeLoc(clang::TypeLoc type);
    bool VisitFunctionDecl(clang::FunctionDecl* function);
    bool VisitVarDecl(clang::VarDecl* variable);

  private:
    // Templates that what is being read was made from.
    struct MadeContext {
        TypeWords arguments;
        std::set<std::string> parts;
    };
    struct AnswerText {
        Place declared;
        std::string answer, shown;
    };

    bool is_before() const { return wanted_ == nullptr; }
    MadeContext context_of(const clang::Decl* declaration);
    // A key of the facts, by the place of a name; empty where that is not the program's.
    std::string key_of(clang::SourceLocation location, const char* kind);
    Place declared_at(const clang::Decl* declaration);
    std::string shown_place(const clang::NamedDecl* declaration);
    std::string shown(const clang::NamedDecl* declaration);

    AnswerText answer_of(const clang::NamedDecl* declaration, const clang::NamedDecl* made);
    std::optional<AnswerText> function_meant(const clang::FunctionDecl* function);
    std::optional<AnswerText> specialisation_meant(const clang::ClassTemplateSpecializationDecl* made);

    void note(clang::SourceLocation location, const std::string& question, const AnswerText& answer, std::size_t mark);
    void note_expression(clang::Expr* expression, std::size_t mark);
    void note_name(const clang::ValueDecl* named, clang::SourceLocation location);
    void note_call(const clang::FunctionDecl* callee, clang::SourceLocation location, bool involved, std::size_t mark);
    void note_value(clang::Expr* value, bool involved, std::size_t mark);
    void note_specialisations(clang::QualType type, clang::SourceLocation location, unsigned depth);
    void note_spelled(clang::TypeLoc type, std::set<std::string>& keys);
    void remember_lookup(const clang::FunctionDecl* function);
    void note_lookups(clang::QualType type, clang::SourceLocation location, std::size_t mark, unsigned depth = 0);
    void note_kept_by_type(const std::string& what, const TypeWords& words, std::size_t mark);
    void note_forgotten_type(const clang::FunctionDecl* callee, std::size_t mark);
    // Whether the library has a part in what is asked: by its types or names, or in the templates around it.
    bool is_involved(bool types, std::size_t mark) const {
        return types || parts_.size() > mark || contexts_.back().arguments.library;
    }
    bool involves_library(const clang::Expr* expression);
    bool involves_library(const clang::FunctionDecl* function);

    clang::ASTContext& context_;
    clang::SourceManager& sources_;
    FileOwners owners_;
    TypeWriter words_;
    Unedited where_;
    const std::set<Place>* wanted_ = nullptr;
    std::vector<MadeContext> contexts_;
    std::vector<std::string> parts_;  // keys of what was named in the expressions that are being read
    std::map<std::tuple<Place, std::string, std::string, Place, std::string>, Meaning> found_;
    std::map<std::string, TypeUses> told_apart_;
    // What names a specialisation changes with, and what is kept by it: where in told_apart_, under which type.
    std::map<const clang::Decl*, std::set<std::string>> named_by_;
    std::vector<std::tuple<const clang::Decl*, std::string, std::string>> kept_by_;
    struct LookedUp {
        std::string name, space;
        std::string key;  // in the facts
        auto operator<=>(const LookedUp&) const = default;
    };
    std::map<std::string, std::set<LookedUp>> looked_up_;  // by class
};

}  // namespace migrate
