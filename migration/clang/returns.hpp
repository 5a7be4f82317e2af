// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "clang/clang_headers.hpp"

namespace migrate {

// The return statements of one function's code, without those of lambdas in it.
template <typename Found>
void each_return(const clang::Stmt* statement, const Found& found) {
    if (statement == nullptr || clang::isa<clang::LambdaExpr>(statement)) return;
    if (const auto* leaves = clang::dyn_cast<clang::ReturnStmt>(statement)) found(leaves);
    for (const clang::Stmt* each : statement->children()) each_return(each, found);
}

}  // namespace migrate
