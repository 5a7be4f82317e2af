// SPDX-License-Identifier: Apache-2.0
// References to untyped buffers that become handles held by value, and what must not be done with those.
#pragma once

#include "collect/concern.hpp"

namespace migrate {

class HeldHandles : Concern {
  public:
    explicit HeldHandles(WalkState& state) : Concern(state), frames_(state.frames) {}

    void read(const clang::VarDecl* variable);
    void read(const clang::CallExpr* call);
    void read(const clang::UnaryOperator* taken);
    void read(const clang::LambdaExpr* lambda);
    void read(const clang::CXXConstructExpr* made);
    void read(const clang::FunctionDecl* function);
    void read(const clang::FieldDecl* field);

  private:
    bool refers_to_untyped(clang::QualType type);
    bool gives_handle(const clang::Expr* value);
    bool is_handle(const clang::Expr* value);
    bool is_variable_handle(const clang::VarDecl* variable);
    bool may_be_handle(const clang::Expr* value);
    bool may_refer_to_handle(const clang::ValueDecl* named);
    bool passes_on(const clang::CallExpr* call);
    bool passes_on_temporary(const clang::Expr* value);
    void refuse_outliving(const clang::VarDecl* variable);
    // Where something would refer to the handle itself, which lives shorter than the buffer did.
    void refuse_reference(const clang::Expr* handle, clang::SourceLocation location);
    void refuse_longer_reference(const clang::ValueDecl* reference, clang::SourceLocation location);
    bool holds_wrappers(const clang::CXXRecordDecl* record);
    bool holds_references(const clang::CXXRecordDecl* record);
    void capture_by_value(const clang::LambdaExpr* lambda, const clang::LambdaCapture& capture);

    Frames& frames_;
};

}  // namespace migrate
