// SPDX-License-Identifier: Apache-2.0
// How a buffer grows and what it can do.
#pragma once

#include <concepts>
#include <cstddef>

namespace triune {

// The figures of the presets are those of the modules that this library replaces.
struct BufferConfig {
    std::size_t bytes_per_element = 4;  // of untyped buffers; a typed one's elements have sizeof(T)
    float growth_factor = 1.5F;         // any value: see next_capacity_bytes
    std::size_t max_size_bytes = std::size_t{1} << 30;
    std::size_t min_size_bytes = 4096;  // the least that a first growth from nothing allocates
    bool enable_async = false;          // downloads that do not block
    bool stable_address = false;        // grow in place from the first byte, whatever it costs in rounding
    bool zeroed = true;                 // false: new elements hold anything, for who writes them all at once

    static constexpr BufferConfig for_positions() {
        return {12, 1.3F, std::size_t{512} << 20, 4096, true, false, true};
    }
    static constexpr BufferConfig for_velocities() {
        return {12, 1.3F, std::size_t{512} << 20, 4096, true, false, true};
    }
    static constexpr BufferConfig for_forces() { return {12, 1.3F, std::size_t{512} << 20, 4096, false, false, true}; }
    static constexpr BufferConfig for_edges() { return {32, 2.0F, std::size_t{2} << 30, 8192, false, false, true}; }
    static constexpr BufferConfig for_grid_cells() {
        return {8, 1.5F, std::size_t{256} << 20, 2048, false, false, true};
    }

    // A template, so that a program's own comparison, of the class that this one replaces perhaps, goes first.
    template <std::same_as<BufferConfig> Other>
    friend constexpr bool operator==(const BufferConfig& a, const Other& b) noexcept {
        return a.bytes_per_element == b.bytes_per_element && a.growth_factor == b.growth_factor &&
               a.max_size_bytes == b.max_size_bytes && a.min_size_bytes == b.min_size_bytes &&
               a.enable_async == b.enable_async && a.stable_address == b.stable_address && a.zeroed == b.zeroed;
    }
};

// The capacity of a buffer of `capacity` bytes that must hold `required` bytes:
//   from nothing            max(min_size_bytes, required)
//   else                    max(trunc(float(capacity) * growth_factor), required), the product in single precision
// and never more than max_size_bytes. A product below 0 or not a number counts as 0, one beyond size_t as the most
// there is. `required` lies between capacity and max_size_bytes.
std::size_t next_capacity_bytes(std::size_t capacity, std::size_t required, const BufferConfig& config) noexcept;

}  // namespace triune
