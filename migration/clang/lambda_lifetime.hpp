// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "clang/clang_headers.hpp"

namespace migrate {

// Whether nothing is left of the lambda once the function returns: it is called where it stands, given to a standard
// algorithm that returns no copy of it, or held by a variable of the function with which nothing else is done.
bool ends_with_function(const clang::LambdaExpr* lambda, const clang::FunctionDecl* function);

}  // namespace migrate
