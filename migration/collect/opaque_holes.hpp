// SPDX-License-Identifier: Apache-2.0
// Objects whose type is forgotten and named again elsewhere, perhaps in another unit: handles of a C interface, data of
// callbacks, std::any. What goes in and what comes out as the same type changes together, or neither does.
#pragma once

#include "collect/concern.hpp"

namespace migrate {

class OpaqueHoles : Concern {
  public:
    explicit OpaqueHoles(WalkState& state) : Concern(state) {}

    void read(const clang::CastExpr* cast);
    void read(const clang::CallExpr* call);
    void read(const clang::VAArgExpr* taken);
    void read(const clang::FieldDecl* field);
    void read_call(const clang::FunctionDecl* callee);

  private:
    void unite(clang::QualType type);
};

}  // namespace migrate
