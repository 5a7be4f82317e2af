// SPDX-License-Identifier: Apache-2.0
// Names that depend on a template parameter: what they mean as far as the legacy templates' own signatures say. A
// `DeviceBuffer<T>` has the members of its template, and what those return is known too, whatever T is.
#pragma once

#include "collect/concern.hpp"

namespace migrate {

class DependentNames : Concern {
  public:
    explicit DependentNames(WalkState& state) : Concern(state), frames_(state.frames) {}

    void read(const clang::CXXDependentScopeMemberExpr* use);
    void read(const clang::DependentScopeDeclRefExpr* use);
    LegacyName member(const clang::CXXDependentScopeMemberExpr* use);
    // Whether a constant method of a legacy or standard template is named.
    bool is_reading(const clang::CXXDependentScopeMemberExpr* use);

    std::size_t met() const { return met_; }  // names that nothing here could say the meaning of, so far
    // A generic lambda that has such names.
    void note_generic(const clang::LambdaExpr* lambda);
    // Whether one of those was instantiated by no body that was read, or a template of the unit's own file, as test
    // frameworks make them.
    bool wants_bodies() const;

  private:
    // The legacy template that a type or a value of unknown arguments is made from, or null.
    const clang::TemplateDecl* legacy_template(clang::QualType type);
    const clang::TemplateDecl* legacy_template(const clang::Expr* value);
    const clang::TemplateDecl* legacy_template_returned(const clang::TemplateDecl* owner,
                                                        clang::DeclarationName member);
    const clang::TemplateDecl* legacy_template_of_base(const clang::CXXDependentScopeMemberExpr* use);

    Frames& frames_;
    std::size_t met_ = 0;
    bool wants_bodies_ = false;
    std::set<Place> own_;  // the names met in the unit's own file
};

}  // namespace migrate
