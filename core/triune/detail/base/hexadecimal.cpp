// SPDX-License-Identifier: Apache-2.0
#include <triune/detail/base/hexadecimal.hpp>

#include <array>
#include <charconv>

namespace triune {

std::string hexadecimal(std::uintptr_t number) {
    std::array<char, 2 * sizeof number> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number, 16).ptr;
    return "0x" + std::string(digits.data(), end);
}

}  // namespace triune
