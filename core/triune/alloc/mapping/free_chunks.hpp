// SPDX-License-Identifier: Apache-2.0
// Which chunks lie wholly idle.
#pragma once

#include <cstddef>
#include <vector>

#include <triune/alloc/span/free_list.hpp>
#include <triune/alloc/mapping/alias_mappings.hpp>
#include <triune/alloc/mapping/segment.hpp>

namespace triune {

// Calls `visit` for the chunks that lie wholly in the range, the last one first, until it answers false.
template <typename Visit>
void visit_chunks(const Slab& slab, const Range& range, Visit&& visit) {
    const auto& mapped = slab.arena->mapped();
    const auto [begin, bytes] = slab.extent(range);
    for (auto next = mapped.lower_bound(begin + bytes); next != mapped.begin();) {
        const auto& [offset, mapping] = *--next;
        if (offset < begin) return;
        if (offset + mapping.bytes <= begin + bytes && !visit(*mapping.chunk)) return;
    }
}

// Of one slab, in its state at the moment it is made. Not thread-safe.
class IdleChunks {
  public:
    // Throws std::bad_alloc.
    IdleChunks(const Slab& slab, FreeList& idle);

    // The idle range that all of the chunk lies in, at its seat; null where it is in use.
    Range* range_of(const SeatedChunk& chunk) const noexcept;
    // Chunks that add up to `bytes`, or little more, as far as there are some: of the biggest ranges first, from their
    // ends on. Throws std::bad_alloc.
    std::vector<SeatedChunk*> gather(std::size_t bytes) const;

  private:
    const Slab& slab_;
    std::vector<Range*> by_size_;  // biggest first
    std::vector<Range*> by_address_;
    mutable Range* last_ = nullptr;
};

}  // namespace triune
