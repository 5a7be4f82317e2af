// SPDX-License-Identifier: Apache-2.0
// Calls that return copies of a snapshot, for --zero-copy: what each result is kept in.
#pragma once

#include "collect/concern.hpp"

namespace migrate {

class ViewCandidates : Concern {
  public:
    explicit ViewCandidates(WalkState& state) : Concern(state), keys_(state.keys) {}

    void read(const clang::VarDecl* variable);
    void note_copying(const Place& at, LegacyName name, unsigned call_end);
    void note_blocking(const Place& at, LegacyName name);

  private:
    Keys& keys_;
};

}  // namespace migrate
