// SPDX-License-Identifier: Apache-2.0
// All concerns of a walk, each made with those that it asks.
#pragma once

#include "collect/catch_clauses.hpp"
#include "collect/construction.hpp"
#include "collect/explicit_instantiations.hpp"
#include "collect/held_handles.hpp"
#include "collect/inner_buffers.hpp"
#include "collect/namespace_names.hpp"
#include "collect/used_names.hpp"

namespace migrate {

struct Concerns {
    explicit Concerns(WalkState& of) : state(of) {}
    Concerns(const Concerns&) = delete;
    Concerns& operator=(const Concerns&) = delete;

    WalkState& state;
    TypeNames type_names{state};
    NamespaceNames namespace_names{state};
    ExplicitInstantiations explicit_instantiations{state, type_names};
    DependentNames dependent_names{state};
    HiddenNames hidden_names{state};
    OpaqueHoles opaque_holes{state};
    ViewCandidates view_candidates{state};
    CatchClauses catch_clauses{state};
    HeldHandles held_handles{state};
    InnerBuffers inner_buffers{state};
    HandlerArguments handler_arguments{state};
    HiddenDefaults hidden_defaults{state};
    ConfigDefaults config_defaults{state, hidden_defaults};
    ForwardedConstruction forwarded_construction{state, handler_arguments};
    Construction construction{state,           type_names,      opaque_holes,          handler_arguments,
                              hidden_defaults, config_defaults, forwarded_construction};
    Calls calls{state, dependent_names, hidden_names, view_candidates};
    UsedNames used_names{state, calls, hidden_names, handler_arguments, opaque_holes};
};

}  // namespace migrate
