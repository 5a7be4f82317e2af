// SPDX-License-Identifier: Apache-2.0
// Names of functions, variables and members where they are used.
#pragma once

#include "collect/calls.hpp"
#include "collect/handler_arguments.hpp"
#include "collect/opaque_holes.hpp"

namespace migrate {

class UsedNames : Concern {
  public:
    UsedNames(WalkState& state, const Calls& calls, HiddenNames& hidden, HandlerArguments& arguments,
              OpaqueHoles& opaque)
        : Concern(state),
          frames_(state.frames),
          trail_(state.trail),
          declarators_(state.declarators),
          calls_(calls),
          hidden_(hidden),
          arguments_(arguments),
          opaque_(opaque) {}

    void read(const clang::DeclRefExpr* use);
    void read(const clang::MemberExpr* use);
    void read(const clang::OverloadExpr* use);
    void read(const clang::UnaryOperator* taken);

  private:
    void note_other_meaning(const clang::NamedDecl* meant, clang::SourceLocation location);

    Frames& frames_;
    CallTrail& trail_;
    Declarators& declarators_;
    const Calls& calls_;
    HiddenNames& hidden_;
    HandlerArguments& arguments_;
    OpaqueHoles& opaque_;
};

}  // namespace migrate
