// SPDX-License-Identifier: Apache-2.0
// The legacy error handler as the argument that constructors lost, and the variables that hold it.
#pragma once

#include "collect/concern.hpp"

namespace migrate {

class HandlerArguments : Concern {
  public:
    explicit HandlerArguments(WalkState& state) : Concern(state) {}

    void drop_last(const clang::Expr* argument, const clang::Expr* previous, Groups::Key group);
    void read(const clang::VarDecl* variable);
    void note_use(const clang::DeclRefExpr* use);

  private:
    bool can_be_dropped(const clang::Expr* argument);
};

}  // namespace migrate
