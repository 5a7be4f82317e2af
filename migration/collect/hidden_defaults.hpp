// SPDX-License-Identifier: Apache-2.0
// Places where a default BufferConfig comes into being without being written: its figures differ now, and there is
// nothing at which they could be spelled out.
#pragma once

#include "collect/concern.hpp"

namespace migrate {

class HiddenDefaults : Concern {
  public:
    explicit HiddenDefaults(WalkState& state) : Concern(state) {}

    void read(const clang::CXXConstructExpr* made);
    void read(const clang::CallExpr* call);
    void read(const clang::CXXRecordDecl* record);
    // A config, or what is made with its elements: an array, a pair, a tuple.
    bool is_config_within(clang::QualType type);

  private:
    bool has_config_argument(const clang::ClassTemplateSpecializationDecl* made);

    std::set<const clang::Expr*> assigned_;  // left sides of assignments of objects
};

}  // namespace migrate
