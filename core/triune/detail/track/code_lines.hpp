// SPDX-License-Identifier: Apache-2.0
// The code that stands at return addresses, in words.
#pragma once

#include <span>
#include <string>
#include <vector>

namespace triune {

// The innermost first, printable, without the library's own at the front unless all are. Throw std::bad_alloc.

// "function in app+0x1f2a" where the function's name is exported, else "app+0x1f2a".
std::vector<std::string> plain_code_lines(std::span<void* const> returns);

// "function at file.cpp:12" where addr2line knows it; "(inlined)" stands behind a function that is a part of the next.
// Starts addr2line for what has not been asked yet, so not to be called under a lock.
std::vector<std::string> code_lines(std::span<void* const> returns);

}  // namespace triune
