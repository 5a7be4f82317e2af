// SPDX-License-Identifier: Apache-2.0
// What nvcc has and Clang does not: its spellings of flags, and its functions for the host.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace migrate {

// nvcc's own spellings of what every compiler has, and the response files that CMake hands it, as Clang takes them.
std::vector<std::string> translate_nvcc(const std::vector<std::string>& given, const std::string& directory,
                                        unsigned depth = 0);

// A header that is on no disk. nvcc declares max and min for the host too, Clang for the device only.
inline constexpr const char* nvcc_host_functions_name = "/triune-migrate/nvcc_host_functions.hpp";
std::string_view nvcc_host_functions();

}  // namespace migrate
