// SPDX-License-Identifier: Apache-2.0
#include "collect/flow.hpp"

namespace migrate {

using namespace clang;

void Flow::link(const ValueDecl* declaration) {
    if (declaration == nullptr || names_.legacy(declaration)) return;
    // A variable of a template whose type is not known yet may turn out to be anything.
    const QualType type = declaration->getType();
    const bool unknown = isa<VarDecl, BindingDecl>(declaration) && (type->isUndeducedType() || type->isDependentType());
    const auto* function = dyn_cast<FunctionDecl>(declaration);
    if (function != nullptr && names_.is_made_elsewhere(function)) link_template(here(), function);
    if (!unknown && !names_.mentions_legacy(declaration->getType())) return;
    if (unit_.is_project(declaration->getLocation())) unit_.found().together.unite(here(), keys_.of(declaration));
}

void Flow::link_using(const NamedDecl* found) {
    const auto* shadow = dyn_cast_or_null<UsingShadowDecl>(found);
    if (shadow == nullptr || !names_.legacy(shadow->getTargetDecl())) return;
    const auto* declared = dyn_cast<UsingDecl>(shadow->getIntroducer());
    if (declared != nullptr && declared->getLocation().isValid())
        unit_.found().together.unite(here(), keys_.of(declared));
}

void Flow::link_class(QualType type) {
    if (type.isNull()) return;
    while (type->isPointerType() || type->isReferenceType()) type = type->getPointeeType();
    link_class(type->getAsCXXRecordDecl());
}

void Flow::link_class(const CXXRecordDecl* record) {
    if (record == nullptr || names_.legacy(record)) return;
    if (unit_.is_project(record->getLocation())) unit_.found().together.unite(here(), keys_.of(record));
}

void Flow::link_lambda(const CXXMethodDecl* called) {
    if (names_.mentions_legacy(called->getType())) unit_.found().together.unite(keys_.of(called), here());
}

void Flow::link_template(Groups::Key group, const FunctionDecl* made) {
    Groups& together = unit_.found().together;
    together.unite(group, keys_.of(made));
    // Other units may see another of its declarations only.
    const FunctionDecl* pattern = made->getInstantiatedFromMemberFunction();
    if (const FunctionTemplateDecl* primary = made->getPrimaryTemplate()) pattern = primary->getTemplatedDecl();
    if (pattern == nullptr) return;
    for (const FunctionDecl* each : pattern->redecls()) together.unite(group, keys_.of(each));
}

}  // namespace migrate
