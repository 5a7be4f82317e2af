// One contiguous piece of device memory that the pool cuts into ranges.
#pragma once

#include <cstddef>

#include <triune/alloc/arena.hpp>
#include <triune/alloc/range.hpp>

namespace triune {

// Either the committed front of an arena, which can grow, or a plain allocation on devices without virtual memory.
struct Slab {
    Arena arena;
    std::byte* data = nullptr;
    std::size_t bytes = 0;
    Range* first = nullptr;
    Range* last = nullptr;

    bool is_plain() const noexcept { return arena.data() == nullptr; }
};

}  // namespace triune
