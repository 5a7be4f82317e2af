// SPDX-License-Identifier: Apache-2.0
// A caller's place as the core keeps it.
#pragma once

#include <triune.h>

#include <source_location>

namespace triune::c {

// Unknown for null. Throws std::bad_alloc.
std::source_location place_of(const triune_place* where);

}  // namespace triune::c
