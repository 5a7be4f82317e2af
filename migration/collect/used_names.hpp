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
    // The address of a function that its replacement has no address for.
    void name_function(const clang::DeclRefExpr* use, LegacyName name, Groups::Key group, bool through_using);
    bool point_by_lambda(const clang::DeclRefExpr* use, LegacyName name, Groups::Key group, bool through_using);
    void note_other_meaning(const clang::NamedDecl* meant, clang::SourceLocation location);

    Frames& frames_;
    CallTrail& trail_;
    Declarators& declarators_;
    const Calls& calls_;
    HiddenNames& hidden_;
    HandlerArguments& arguments_;
    OpaqueHoles& opaque_;
    std::map<const clang::Expr*, const clang::UnaryOperator*> taken_;  // what an & stands right before
};

}  // namespace migrate
