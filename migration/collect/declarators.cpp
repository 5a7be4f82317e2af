// SPDX-License-Identifier: Apache-2.0
#include "collect/declarators.hpp"

namespace migrate {

using namespace clang;

void Declarators::note(const DeclaratorDecl* declared) {
    if (const auto* variable = dyn_cast<VarDecl>(declared)) {
        if (const Expr* init = variable->getInit()) made_from_[init->IgnoreImplicit()] = variable->getType();
        is_field_ = false;
        is_parameter_ = isa<ParmVarDecl>(variable) || variable->isCXXForRangeDecl();
    } else if (isa<FunctionDecl, FieldDecl>(declared)) {
        is_field_ = is_field_ || isa<FieldDecl>(declared);
        is_parameter_ = false;
    }
}

QualType Declarators::type_made_from(const Expr* value) const {
    const auto known = made_from_.find(value);
    return known == made_from_.end() ? QualType() : known->second;
}

}  // namespace migrate
