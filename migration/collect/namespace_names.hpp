// SPDX-License-Identifier: Apache-2.0
// Forward declarations, using-declarations, using-directives and namespace aliases.
#pragma once

#include "collect/concern.hpp"

namespace migrate {

class NamespaceNames : Concern {
  public:
    explicit NamespaceNames(WalkState& state) : Concern(state) {}

    void read(const clang::CXXRecordDecl* record);
    void read(const clang::UsingDecl* declaration);
    void read(const clang::UsingDirectiveDecl* directive);
    void read(const clang::NamespaceAliasDecl* alias);

  private:
    bool has_own_names(const clang::NamespaceDecl* space);
    // Notes that `use` names `named`; null where that is no namespace of the legacy modules.
    UsingDirective* found_use(const clang::NamedDecl* use, const clang::NamespaceDecl* named);
    void include_in_place_of(const clang::CXXRecordDecl* record, const clang::NamespaceDecl& space, Groups::Key group);
};

}  // namespace migrate
