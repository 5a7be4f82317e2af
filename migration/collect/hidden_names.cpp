// SPDX-License-Identifier: Apache-2.0
#include "collect/hidden_names.hpp"

namespace migrate {

using namespace clang;

namespace {

// The names of a function's variables, those of its lambdas among them.
class LocalNames : public RecursiveASTVisitor<LocalNames> {
  public:
    bool VisitVarDecl(VarDecl* variable) { return add(variable); }
    bool VisitBindingDecl(BindingDecl* variable) { return add(variable); }
    std::set<std::string> all;

  private:
    bool add(const NamedDecl* variable) { return all.insert(variable->getNameAsString()), true; }
};

}  // namespace

bool HiddenNames::is_local_name(const std::string& name) {
    FunctionDecl* function = frames_.innermost().function;
    if (function == nullptr) return false;
    const auto [known, fresh] = local_names_.try_emplace(function);
    if (fresh) {
        LocalNames names;
        for (ParmVarDecl* each : function->parameters()) names.TraverseDecl(each);
        if (function->doesThisDeclarationHaveABody()) names.TraverseStmt(function->getBody());
        known->second = std::move(names.all);
    }
    return known->second.contains(name);
}

bool HiddenNames::declares_before_legacy(const CXXRecordDecl* record, DeclarationName name) {
    record = record == nullptr ? nullptr : record->getDefinition();
    if (record == nullptr || names_.legacy(record)) return false;
    const auto own = [](const NamedDecl* each) { return !isa<UsingShadowDecl>(each); };
    if (llvm::any_of(record->lookup(name), own)) return true;
    return llvm::any_of(record->bases(), [&](const CXXBaseSpecifier& each) {
        return mentions_legacy_base(each.getType()->getAsCXXRecordDecl()) &&
               declares_before_legacy(each.getType()->getAsCXXRecordDecl(), name);
    });
}

bool HiddenNames::mentions_legacy_base(const CXXRecordDecl* record) {
    record = record == nullptr ? nullptr : record->getDefinition();
    if (record == nullptr) return false;
    return names_.legacy(record) || llvm::any_of(record->bases(), [&](const CXXBaseSpecifier& each) {
               return mentions_legacy_base(each.getType()->getAsCXXRecordDecl());
           });
}

std::string HiddenNames::past_hiding(const MemberExpr* use, LegacyName name) {
    const std::string replacement(name.spelled->replacement);
    const auto* owner = dyn_cast<CXXRecordDecl>(use->getMemberDecl()->getDeclContext());
    if (use->hasQualifier() || replacement.empty() || owner == nullptr) return replacement;
    const Expr* object = use->getBase()->IgnoreParenImpCasts();
    QualType type = object->getType();
    if (type->isPointerType()) type = type->getPointeeType();
    const DeclarationName written(&unit_.tree().Idents.get(replacement));
    const bool hidden = declares_before_legacy(type->getAsCXXRecordDecl(), written) ||
                        (use->isImplicitAccess() && is_local_name(replacement));
    if (!hidden) return replacement;
    return std::string(names_.legacy(owner).spelled->replacement) + "::" + replacement;
}

}  // namespace migrate
