// SPDX-License-Identifier: Apache-2.0
// The aggregates of the legacy API: defaults that differ now and are spelled out, and members that were added.
#pragma once

#include "collect/hidden_defaults.hpp"

namespace migrate {

class ConfigDefaults : Concern {
  public:
    ConfigDefaults(WalkState& state, HiddenDefaults& hidden) : Concern(state), hidden_(hidden) {}

    void read(clang::InitListExpr* list);
    void read(const clang::VarDecl* variable);
    void read(const clang::FieldDecl* field);
    // In place of the range: the defaults behind the `given` ones, in braces.
    void spell(Groups::Key group, const std::string& file, unsigned begin, unsigned end, unsigned given);

  private:
    void name_designated(const clang::InitListExpr* written);
    void designate(const clang::InitListExpr* written, Groups::Key group);
    void spell_default(const clang::VarDecl* variable);
    void bind_all_members(const clang::DecompositionDecl* bound);

    HiddenDefaults& hidden_;
};

}  // namespace migrate
