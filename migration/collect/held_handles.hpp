// SPDX-License-Identifier: Apache-2.0
// References to untyped buffers that become handles held by value, and what must not be done with those.
#pragma once

#include "collect/concern.hpp"

namespace migrate {

class HeldHandles : Concern {
  public:
    explicit HeldHandles(WalkState& state) : Concern(state) {}

    void read(const clang::VarDecl* variable);
    void read(const clang::CallExpr* call);
    void read(const clang::UnaryOperator* taken);

  private:
    bool refers_to_untyped(clang::QualType type);
    bool gives_handle(const clang::Expr* value);
    bool is_handle(const clang::Expr* value);
};

}  // namespace migrate
