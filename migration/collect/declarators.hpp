// SPDX-License-Identifier: Apache-2.0
// What was declared last, and what variables are made from.
#pragma once

#include "clang/clang_headers.hpp"

namespace migrate {

class Declarators {
  public:
    void note(const clang::DeclaratorDecl* declared);

    // The variable's type where a declaration itself is made from this; else none.
    clang::QualType type_made_from(const clang::Expr* value) const;
    bool is_field() const { return is_field_; }
    // Or the variable of a range loop: a reference that nothing outlives.
    bool is_parameter() const { return is_parameter_; }

  private:
    std::map<const clang::Expr*, clang::QualType> made_from_;
    bool is_field_ = false;
    bool is_parameter_ = false;
};

}  // namespace migrate
