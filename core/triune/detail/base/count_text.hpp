// SPDX-License-Identifier: Apache-2.0
// Counts as people meant them.
#pragma once

#include <cstddef>
#include <string>

namespace triune {

// "1000"; "-1 (as std::size_t 18446744073709551615)" for what only a negative number becomes.
std::string count_text(std::size_t count);

}  // namespace triune
