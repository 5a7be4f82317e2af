// SPDX-License-Identifier: Apache-2.0
// Whether expressions can be evaluated in another order.
#pragma once

#include "collect/dependent_names.hpp"

namespace migrate {

class SideEffects {
  public:
    SideEffects(UnitContext& unit, DeclaredNames& names, DependentNames& dependent)
        : unit_(unit), names_(names), dependent_(dependent) {}

    bool any_in(const clang::Expr* expression);

  private:
    UnitContext& unit_;
    DeclaredNames& names_;
    DependentNames& dependent_;
};

}  // namespace migrate
