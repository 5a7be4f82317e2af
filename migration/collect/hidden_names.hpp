// SPDX-License-Identifier: Apache-2.0
// Names of the new API that something of the program's own would hide where they are written.
#pragma once

#include "collect/concern.hpp"

namespace migrate {

class HiddenNames : Concern {
  public:
    explicit HiddenNames(WalkState& state) : Concern(state), frames_(state.frames) {}

    // The new name of a member, qualified where the program's own would be found instead.
    std::string past_hiding(const clang::MemberExpr* use, LegacyName name);

  private:
    bool declares_before_legacy(const clang::CXXRecordDecl* record, clang::DeclarationName name);
    bool mentions_legacy_base(const clang::CXXRecordDecl* record);
    bool is_local_name(const std::string& name);

    Frames& frames_;
    std::map<const clang::FunctionDecl*, std::set<std::string>> local_names_;
};

}  // namespace migrate
