// SPDX-License-Identifier: Apache-2.0
// What a handler does with its exception object, and whether its body can stand in two places.
#pragma once

#include "clang/clang_headers.hpp"

namespace migrate {

// Of a handler's body that is written twice.
inline constexpr unsigned max_repeated_lines = 40;

class ExceptionUses : public clang::RecursiveASTVisitor<ExceptionUses> {
  public:
    explicit ExceptionUses(const clang::VarDecl* exception) : exception_(exception) {}

    bool VisitMemberExpr(clang::MemberExpr* use) {
        const auto* named = clang::dyn_cast<clang::DeclRefExpr>(use->getBase()->IgnoreParenImpCasts());
        if (named == nullptr || named->getDecl() != exception_) return true;
        const auto member = use->getMemberDecl()->getDeclName();
        if (!member.isIdentifier()) return true;
        if (member.getAsString() == "code") codes.push_back(use);
        if (member.getAsString() == "what") ++whats;
        return true;
    }
    bool VisitDeclRefExpr(clang::DeclRefExpr* use) {
        if (use->getDecl() == exception_) ++all;
        return true;
    }
    bool VisitLabelStmt(clang::LabelStmt*) { return awkward = true, true; }
    bool VisitTagDecl(clang::TagDecl*) { return awkward = true, true; }
    // Its handlers may be migrated, each in one place.
    bool VisitCXXTryStmt(clang::CXXTryStmt*) { return awkward = true, true; }

    std::vector<clang::MemberExpr*> codes;
    std::size_t whats = 0;
    std::size_t all = 0;  // uses, those above among them
    bool awkward = false;

  private:
    const clang::VarDecl* exception_;
};

}  // namespace migrate
