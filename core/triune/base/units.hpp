// SPDX-License-Identifier: Apache-2.0
// Byte units and overflow-checked byte arithmetic.
#pragma once

#include <cstddef>
#include <limits>

namespace triune {

inline constexpr std::size_t KiB = std::size_t{1} << 10;
inline constexpr std::size_t MiB = std::size_t{1} << 20;
inline constexpr std::size_t GiB = std::size_t{1} << 30;

// False, with `product` unchanged, where count * size does not fit.
[[nodiscard]] constexpr bool multiply(std::size_t count, std::size_t size, std::size_t& product) noexcept {
    std::size_t all = 0;
    if (__builtin_mul_overflow(count, size, &all)) return false;  // without the division that a comparison takes
    product = all;
    return true;
}

// The next multiple of `step`, a power of two; the largest multiple that fits where `bytes` lies beyond it.
[[nodiscard]] constexpr std::size_t round_up(std::size_t bytes, std::size_t step) noexcept {
    constexpr std::size_t most = std::numeric_limits<std::size_t>::max();
    return bytes > most - (step - 1) ? most & ~(step - 1) : (bytes + step - 1) & ~(step - 1);
}

}  // namespace triune
