// SPDX-License-Identifier: Apache-2.0
// Device buffers inside managed ones that are replaced or taken away. The managed buffer keeps its name and its size
// then, which one class for both cannot do. What refers to an inside need not be near it, so this puts down what
// comes to refer to what: variables, members, parameters and results each have a node. What nobody follows, as
// containers of pointers, shares one node for each element type.
#pragma once

#include "collect/concern.hpp"

namespace migrate {

class InnerBuffers : Concern {
  public:
    explicit InnerBuffers(WalkState& state) : Concern(state) {}

    void read(const clang::VarDecl* variable);
    void read(const clang::FieldDecl* field);
    void read(const clang::CXXCtorInitializer* initializer);
    void read(const clang::CXXForRangeStmt* loop);
    void read(const clang::CallExpr* call);
    void read(const clang::CXXConstructExpr* made);
    void read(const clang::CXXNewExpr* made);
    void read(const clang::InitListExpr* list);
    void read(const clang::CXXParenListInitExpr* list);
    void read(const clang::BinaryOperator* assignment);
    void read(const clang::CastExpr* cast);
    // A function with its code, or what a generic lambda was instantiated for.
    void read(const clang::FunctionDecl* function);
    // What is called from where nobody sees: a lambda, or a function that is named without a call.
    void read_passed_on(const clang::FunctionDecl* function);

  private:
    using Nodes = std::set<std::string>;

    // The device buffer behind any pointers and references, by its type's name; empty for other types.
    std::string buffer_behind(clang::QualType type);
    bool refers(clang::QualType type);  // by a pointer or reference, to a device buffer
    bool holds_references(clang::QualType type, unsigned depth = 0);
    bool passes_on(const clang::FunctionDecl* function);  // std::move and the like
    bool is_outside(const clang::FunctionDecl* function);

    std::string node_of(const clang::ValueDecl* declared);
    std::string node_of_result(const clang::FunctionDecl* function);

    void gather(const clang::Expr* value, Nodes& into);
    void gather_call(const clang::CallExpr* call, const std::string& buffer, Nodes& into);
    void gather_name(const clang::ValueDecl* named, const std::string& buffer, Nodes& into);
    void note(const std::string& node, const clang::Expr* value);
    void note_replaced(const clang::Expr* target);
    void note_argument(const clang::FunctionDecl* function, unsigned index, const clang::Expr* argument);
    void note_members(clang::QualType type, llvm::ArrayRef<const clang::Expr*> values);

    static constexpr unsigned max_depth = 8;
};

}  // namespace migrate
