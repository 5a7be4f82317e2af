// SPDX-License-Identifier: Apache-2.0
// Text for standard error past the log, for what the environment asks for.
#pragma once

#include <string_view>

namespace triune::standard_error {

bool is_open() noexcept;
// All of `text`, without a buffer that could be lost. Where nobody reads it, or the descriptor is closed, the rest is
// lost; the process goes on in any case.
void write(std::string_view text) noexcept;

}  // namespace triune::standard_error
