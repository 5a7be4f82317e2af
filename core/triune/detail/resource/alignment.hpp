// SPDX-License-Identifier: Apache-2.0
// Addresses aligned more strictly than the pools align them.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>

#include <triune/base/error.hpp>

namespace triune {

// Throws invalid_argument where `alignment` is no power of two.
inline void check_alignment(std::size_t alignment) {
    if (std::has_single_bit(alignment)) return;
    throw invalid_argument("an alignment of " + std::to_string(alignment) +
                           " bytes was asked for; it may be a power of two");
}

// How many bytes hold `bytes` at that alignment, wherever an address aligned to `granted` lies; the largest number
// where they are more than memory can hold, which every pool refuses.
constexpr std::size_t padded(std::size_t bytes, std::size_t alignment, std::size_t granted) noexcept {
    const std::size_t padding = alignment > granted ? alignment - granted : 0;
    constexpr std::size_t most = std::numeric_limits<std::size_t>::max();
    return bytes > most - padding ? most : bytes + padding;
}

// The first address from `address` on that is aligned.
inline void* aligned(void* address, std::size_t alignment) noexcept {
    const auto number = reinterpret_cast<std::uintptr_t>(address);
    return reinterpret_cast<void*>((number + (alignment - 1)) & ~(std::uintptr_t{alignment} - 1));
}

}  // namespace triune
