// SPDX-License-Identifier: Apache-2.0
// Calls: renamed with a suffix, dropped, turned round.
#pragma once

#include "collect/dependent_names.hpp"
#include "collect/hidden_names.hpp"
#include "collect/side_effects.hpp"
#include "collect/view_candidates.hpp"

namespace migrate {

class Calls : Concern {
  public:
    Calls(WalkState& state, DependentNames& dependent, HiddenNames& hidden, ViewCandidates& views)
        : Concern(state),
          trail_(state.trail),
          dependent_(dependent),
          hidden_(hidden),
          views_(views),
          effects_(state.unit, state.names, dependent) {}

    void read(const clang::CompoundStmt* block);
    void read(clang::CallExpr* call);
    // Whether a name is what a call calls. A bare one that is not has its address taken.
    bool is_callee(const clang::Expr* name) const { return called_.contains(name); }
    // Whether the call's arguments change places, and both can have side effects.
    bool must_keep_order(const clang::Expr* callee) const { return ordered_.contains(callee); }

  private:
    void edit_call(clang::CallExpr* call, LegacyName name, clang::SourceLocation name_location, const clang::Expr* base,
                   clang::SourceLocation dot, bool arrow);
    // `std::vector<T>` for an argument that is braces alone and makes one; else nothing.
    std::string vector_before_braces(const clang::Expr* argument);
    void name_braced_vectors(clang::CallExpr* call);
    void drop_template_arguments(LegacyName name, clang::SourceLocation open, clang::SourceLocation close);
    void swap_arguments(clang::CallExpr* call, Groups::Key group, clang::SourceLocation at);
    void drop_call(clang::CallExpr* call, Groups::Key group, const Place& at, const clang::Expr* base,
                   clang::SourceLocation dot, bool arrow);
    void call_to_free(clang::CallExpr* call, LegacyName name, Groups::Key group, const Place& at,
                      const clang::Expr* base, clang::SourceLocation dot, bool arrow);

    CallTrail& trail_;
    DependentNames& dependent_;
    HiddenNames& hidden_;
    ViewCandidates& views_;
    SideEffects effects_;
    std::set<const clang::Expr*> called_;
    std::set<const clang::Expr*> ordered_;
    std::set<const clang::Expr*> discarded_;  // full expressions whose value nobody uses
};

}  // namespace migrate
