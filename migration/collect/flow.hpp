// SPDX-License-Identifier: Apache-2.0
// Value flow: what is named here changes with what is declared there.
#pragma once

#include "collect/frames.hpp"

namespace migrate {

class Flow {
  public:
    Flow(UnitContext& unit, DeclaredNames& names, Keys& keys, Frames& frames)
        : unit_(unit), names_(names), keys_(keys), frames_(frames) {}

    Groups::Key here() const { return frames_.here(); }
    Groups::Key key_of(const clang::Decl* declaration) { return keys_.of(declaration); }

    // From here to what is named, where that is made of what is legacy; null is fine.
    void link(const clang::ValueDecl* declaration);
    void link_class(clang::QualType type);
    void link_class(const clang::CXXRecordDecl* record);
    // What is found through a using-declaration changes with it.
    void link_using(const clang::NamedDecl* found);
    // Who calls a lambda changes with what it takes and returns.
    void link_lambda(const clang::CXXMethodDecl* called);
    void link_template(Groups::Key group, const clang::FunctionDecl* made);

  private:
    UnitContext& unit_;
    DeclaredNames& names_;
    Keys& keys_;
    Frames& frames_;
};

}  // namespace migrate
