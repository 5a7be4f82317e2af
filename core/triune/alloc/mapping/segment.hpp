// SPDX-License-Identifier: Apache-2.0
// One contiguous piece of addresses that the pool cuts into ranges.
#pragma once

#include <cstddef>
#include <memory>

#include <triune/alloc/mapping/alias_mappings.hpp>
#include <triune/alloc/span/span.hpp>

namespace triune {

class PoolMemory;

// Either an arena, in which memory is mapped here and there, or a plain allocation on devices without virtual memory.
// Its ranges follow one another without a gap; where the arena has no memory they are holes.
struct Slab {
    PoolMemory* memory = nullptr;  // whose it is
    std::unique_ptr<PoolArena> arena;
    std::byte* data = nullptr;
    std::size_t bytes = 0;  // of addresses
    Range* first = nullptr;
    Range* last = nullptr;

    bool is_plain() const noexcept { return arena == nullptr; }
    Extent extent(const Range& range) const noexcept {
        return {static_cast<std::size_t>(range.data - data), range.bytes};
    }

    // `record` becomes the only range, and is all of the slab.
    void cover(Range* record) noexcept {
        record->slab = this;
        record->free_in = nullptr;
        record->previous = record->next = nullptr;
        record->data = data;
        record->bytes = bytes;
        first = last = record;
    }
    // `range` keeps its first `bytes`, `record` becomes the rest.
    void split(Range* range, std::size_t bytes_kept, Range* record) noexcept {
        record->slab = this;
        record->free_in = nullptr;
        record->data = range->data + bytes_kept;
        record->bytes = range->bytes - bytes_kept;
        record->previous = range;
        record->next = range->next;
        (record->next != nullptr ? record->next->previous : last) = record;
        range->next = record;
        range->bytes = bytes_kept;
    }
    // `range` grows over the one behind it, whose record is the answer.
    Range* absorb_next(Range* range) noexcept {
        Range* const gone = range->next;
        range->bytes += gone->bytes;
        range->next = gone->next;
        (range->next != nullptr ? range->next->previous : last) = range;
        return gone;
    }
};

}  // namespace triune
