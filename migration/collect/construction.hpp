// SPDX-License-Identifier: Apache-2.0
// Constructors: those that lost an argument, and those that a factory stands in for.
#pragma once

#include "collect/config_defaults.hpp"
#include "collect/forwarded_construction.hpp"
#include "collect/opaque_holes.hpp"
#include "collect/type_names.hpp"

namespace migrate {

class Construction : Concern {
  public:
    Construction(WalkState& state, TypeNames& types, OpaqueHoles& opaque, HandlerArguments& arguments,
                 HiddenDefaults& hidden_defaults, ConfigDefaults& defaults, ForwardedConstruction& forwarded)
        : Concern(state),
          trail_(state.trail),
          declarators_(state.declarators),
          types_(types),
          opaque_(opaque),
          arguments_(arguments),
          hidden_defaults_(hidden_defaults),
          defaults_(defaults),
          forwarded_(forwarded) {}

    void read(clang::CXXConstructExpr* made);

  private:
    void edit_construct(clang::CXXConstructExpr* made, clang::SourceLocation at);

    CallTrail& trail_;
    Declarators& declarators_;
    TypeNames& types_;
    OpaqueHoles& opaque_;
    HandlerArguments& arguments_;
    HiddenDefaults& hidden_defaults_;
    ConfigDefaults& defaults_;
    ForwardedConstruction& forwarded_;
};

}  // namespace migrate
