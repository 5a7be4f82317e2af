// SPDX-License-Identifier: Apache-2.0
// Bytes as people read them.
#pragma once

#include <cstddef>
#include <string>

namespace triune {

// "12 bytes", "6 GiB (6442450944 bytes)", else with one decimal, rounded: "1.5 KiB (1500 bytes)".
std::string byte_text(std::size_t bytes);

}  // namespace triune
