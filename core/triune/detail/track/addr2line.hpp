// SPDX-License-Identifier: Apache-2.0
// What addr2line of the binutils knows of code.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace triune::addr2line {

// Empty where it is not known.
struct Place {
    std::string function;
    std::string file_and_line;
};

// What stands at one address, the innermost first: the functions that were inlined there, and the one that has them.
using Places = std::vector<Place>;

// Of each offset in the file `module`, in order; all empty where there is no such program or no such file. Starts the
// program and waits for it. Throws std::bad_alloc.
std::vector<Places> ask(const std::string& module, std::span<const std::uintptr_t> offsets);

// What the program's output says of `count` addresses.
std::vector<Places> read(std::string_view output, std::size_t count);

}  // namespace triune::addr2line
