// SPDX-License-Identifier: Apache-2.0
// What the concerns of the walk share, as the checks of clang-tidy share their context: the unit, what its names mean,
// what changes together, and a sink for edits and refusals.
#pragma once

#include "collect/call_trail.hpp"
#include "collect/declarators.hpp"
#include "collect/edit_sink.hpp"
#include "collect/flow.hpp"

namespace migrate {

// The parts of one walk, each made of those above it.
struct WalkState {
    explicit WalkState(UnitContext& of) : unit(of) {}
    WalkState(const WalkState&) = delete;
    WalkState& operator=(const WalkState&) = delete;

    UnitContext& unit;
    DeclaredNames names{unit};
    Keys keys{unit, names};
    Frames frames{unit, names, keys};
    Flow flow{unit, names, keys, frames};
    CallTrail trail{unit, names, keys, frames};
    EditSink sink{unit, names, keys, frames};
    Declarators declarators = {};
};

class Concern {
  protected:
    explicit Concern(WalkState& state) : unit_(state.unit), names_(state.names), flow_(state.flow), sink_(state.sink) {}
    ~Concern() = default;

    UnitContext& unit_;
    DeclaredNames& names_;
    Flow& flow_;
    EditSink& sink_;
};

}  // namespace migrate
