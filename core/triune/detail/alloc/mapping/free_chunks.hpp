// SPDX-License-Identifier: Apache-2.0
// Which chunks lie wholly free.
#pragma once

#include <cstddef>
#include <vector>

#include <triune/detail/alloc/mapping/alias_mappings.hpp>
#include <triune/detail/alloc/span/free_list.hpp>
#include <triune/detail/alloc/span/segment.hpp>

namespace triune {

// Calls `visit` for the chunks that lie wholly in the span, the last one first, until it answers false.
template <typename Visit>
void visit_chunks(const Segment& segment, const Span& span, Visit&& visit) {
    const auto& mapped = segment.mappings->mapped();
    const auto [begin, bytes] = segment.extent(span);
    for (auto next = mapped.lower_bound(begin + bytes); next != mapped.begin();) {
        const auto& [offset, mapping] = *--next;
        if (offset < begin) return;
        if (offset + mapping.bytes <= begin + bytes && !visit(*mapping.chunk)) return;
    }
}

// Of one segment, in its state at the moment it is made. Not thread-safe.
class FreeChunks {
  public:
    // Throws std::bad_alloc.
    FreeChunks(const Segment& segment, FreeList& free);

    // The free span that all of the chunk lies in, at its active mapping; null where it is in use.
    Span* span_of(const PoolChunk& chunk) const noexcept;
    // Chunks that add up to `bytes` or more, as far as there are some: the biggest first, since an alias costs by the
    // chunk. Throws std::bad_alloc.
    std::vector<PoolChunk*> gather(std::size_t bytes) const;

  private:
    const Segment& segment_;
    std::vector<Span*> by_size_;  // biggest first
    std::vector<Span*> by_address_;
    mutable Span* last_ = nullptr;
};

}  // namespace triune
