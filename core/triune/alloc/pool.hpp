// SPDX-License-Identifier: Apache-2.0
// The pool, for programs that use it without a manager.
#pragma once

#include <triune/detail/alloc/central/pool.hpp>
