// SPDX-License-Identifier: Apache-2.0
// Addresses as people write them.
#pragma once

#include <cstdint>
#include <string>

namespace triune {

// "0x1f2a".
std::string hexadecimal(std::uintptr_t number);

}  // namespace triune
