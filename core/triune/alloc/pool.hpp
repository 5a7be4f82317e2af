// SPDX-License-Identifier: Apache-2.0
// The pool without a manager: a bound that benchmarks measure; no promise.
#pragma once

#include <triune/detail/alloc/central/pool.hpp>
