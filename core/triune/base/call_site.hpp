// SPDX-License-Identifier: Apache-2.0
// Where a program calls the library.
#pragma once

#include <source_location>

namespace triune {

// The last parameter of every function that can throw, so that errors name the line of the program which called.
using CallSite = std::source_location;

}  // namespace triune
