// SPDX-License-Identifier: Apache-2.0
// Handlers of CudaException that failures of module 2 passed. Migrated they would catch those as well, so they ask
// first, and do with them what the handler behind them did.
#pragma once

#include "collect/unit_context.hpp"

namespace migrate {

void let_untyped_pass(UnitContext& unit, const clang::CXXTryStmt* block, unsigned index, CatchClause& clause);

}  // namespace migrate
