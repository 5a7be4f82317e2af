// SPDX-License-Identifier: Apache-2.0
// Sizes of blocks, sorted into classes that are kept for reuse together.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>

#include <triune/base/units.hpp>
#include <triune/detail/alloc/span/block.hpp>

namespace triune {

// Sixteen classes to each doubling, so that neighbours differ by 6.25% at most. Class `i` holds blocks from
// size_class_bytes(i) up to, and without, size_class_bytes(i + 1).
using SizeClass = std::size_t;

// Blocks up to here are cut to the size of their class, so that all of a class serve one another; the waste is 6.25% at
// most. Bigger ones are cut as asked for: in them a rounding would cost real memory.
inline constexpr std::size_t largest_rounded_bytes = 64 * KiB;
// Bigger blocks are not kept by a thread: see ThreadCache.
inline constexpr std::size_t largest_cached_bytes = 64 * MiB;

// `bytes` is a multiple of block_alignment, above 0.
constexpr SizeClass size_class(std::size_t bytes) noexcept {
    const std::size_t units = bytes / block_alignment;
    const unsigned width = static_cast<unsigned>(std::bit_width(units));
    if (width <= 5) return units;  // up to 31 units a class each
    const unsigned shift = width - 5;
    return 16 * shift + (units >> shift);
}

// The least bytes of the class.
constexpr std::size_t size_class_bytes(SizeClass index) noexcept {
    if (index < 32) return index * block_alignment;
    const std::size_t shift = index / 16 - 1;
    return ((index - 16 * shift) << shift) * block_alignment;
}

// Small blocks lie apart from large ones: one that stays would else keep a large piece of memory from being moved.
inline constexpr std::size_t largest_small_bytes = 1 * MiB;
enum HeapKind : std::size_t { small_blocks, large_blocks, heap_count };
constexpr HeapKind heap_of(std::size_t bytes) noexcept {
    return bytes <= largest_small_bytes ? small_blocks : large_blocks;
}

inline constexpr SizeClass rounded_class_count = size_class(largest_rounded_bytes) + 1;
inline constexpr SizeClass cached_class_count = size_class(largest_cached_bytes) + 1;

// What the pool cuts for a request of `bytes`, above 0.
constexpr std::size_t block_bytes(std::size_t bytes) noexcept {
    const std::size_t aligned = round_up(bytes, block_alignment);
    if (aligned > largest_rounded_bytes) return aligned;
    const SizeClass index = size_class(aligned);
    return size_class_bytes(index) == aligned ? aligned : size_class_bytes(index + 1);
}

}  // namespace triune
