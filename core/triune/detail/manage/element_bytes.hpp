// SPDX-License-Identifier: Apache-2.0
// The bytes that a number of elements has.
#pragma once

#include <cstddef>
#include <string_view>

#include <triune/base/units.hpp>

namespace triune::detail {

// Throws invalid_argument.
[[noreturn]] void refuse_elements(std::string_view whose, std::size_t count, std::size_t element_size);

// Throws invalid_argument, which begins with `whose`, where the product is more than memory can hold.
inline std::size_t element_bytes(std::string_view whose, std::size_t count, std::size_t element_size) {
    std::size_t bytes = 0;
    if (!multiply(count, element_size, bytes)) refuse_elements(whose, count, element_size);
    return bytes;
}

}  // namespace triune::detail
