// SPDX-License-Identifier: Apache-2.0
// Objects that the standard library makes from the arguments of a call: make_unique, emplace_back and their like.
#pragma once

#include "collect/handler_arguments.hpp"

namespace migrate {

class ForwardedConstruction : Concern {
  public:
    ForwardedConstruction(WalkState& state, HandlerArguments& arguments) : Concern(state), arguments_(arguments) {}

    void read(const clang::CallExpr* call);
    void refuse_hidden(clang::QualType owner, llvm::ArrayRef<const clang::Expr*> arguments, clang::SourceLocation at);

  private:
    // Whether a type is, or holds, an error handler; a class whose objects need none now.
    bool holds_error_handler(clang::QualType type);
    bool drops_error_handler(clang::QualType type);
    bool holds_managed_buffer(clang::QualType type);
    // Whether a buffer and the two arguments that a managed buffer is built with beside it stand in a row, or in a
    // tuple.
    bool builds_managed_buffer(llvm::ArrayRef<clang::QualType> types);

    HandlerArguments& arguments_;
};

}  // namespace migrate
