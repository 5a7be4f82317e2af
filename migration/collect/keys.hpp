// SPDX-License-Identifier: Apache-2.0
// Keys of declarations and expressions: the same in every unit that sees them.
#pragma once

#include "collect/declared_names.hpp"

namespace migrate {

class Keys {
  public:
    Keys(UnitContext& unit, DeclaredNames& names) : unit_(unit), names_(names) {}

    Groups::Key of(const clang::Decl* declaration);
    // Of what begins there; `kind` keeps it apart from others that do.
    Groups::Key at(const std::string& kind, clang::SourceLocation location);
    // Notes a function or variable that other units may declare in words of their own, by which the linker finds it.
    void note_linked(const clang::ValueDecl* declaration, Groups::Key own);
    // Of a function in the call graph; empty for what is not the project's.
    std::string of_call(const clang::FunctionDecl* function);
    // Of the body that is instantiated for legacy types, if one is.
    std::optional<Groups::Key> of_instantiation(const clang::FunctionDecl* made);

  private:
    UnitContext& unit_;
    DeclaredNames& names_;
};

}  // namespace migrate
