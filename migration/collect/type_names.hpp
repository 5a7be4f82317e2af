// SPDX-License-Identifier: Apache-2.0
// Names of types, wherever they are spelled.
#pragma once

#include "collect/concern.hpp"

namespace migrate {

class TypeNames : Concern {
  public:
    explicit TypeNames(WalkState& state) : Concern(state), frames_(state.frames), declarators_(state.declarators) {}

    void read(clang::TypeLoc type);
    void read(const clang::TemplateArgumentLoc& argument);
    void edit(clang::QualType type, const clang::NamedDecl* declaration, clang::SourceLocation location,
              bool through_using);
    // The untyped class's name there becomes that of a handle, or of the call that makes one.
    void mark_handle(const Place& at) { handles_.insert(at); }
    void mark_factory(const Place& at) { factories_.insert(at); }

  private:
    Groups::Key key_at(const Place& at);  // of the site there
    void write_out(const Place& at, const std::string& replacement);
    bool in_scope_of_base(clang::SourceLocation location, const clang::NamedDecl* named);

    Frames& frames_;
    Declarators& declarators_;
    std::set<Place> handles_, factories_;
};

}  // namespace migrate
