// SPDX-License-Identifier: Apache-2.0
// The pool's own check of itself; apart from its working parts because only tests call it.
#include <array>
#include <stdexcept>
#include <vector>

#include <triune/alloc/central/pool.hpp>

namespace triune {
namespace {

void require(bool holds, const char* what) {
    if (!holds) throw std::logic_error(what);
}

struct Found {
    std::size_t bytes = 0;
    std::size_t count = 0;
};

}  // namespace

void Pool::check_invariants() const {
    const PoolStatistics books = statistics();
    const std::lock_guard lock(mutex_);
    std::array<Found, static_cast<std::size_t>(RangeState::between) + 1> by_state{};
    const auto of = [&](RangeState state) -> Found& { return by_state[static_cast<std::size_t>(state)]; };
    std::size_t reserved = 0;
    std::size_t idle = 0;
    std::size_t holes = 0;
    std::vector<const Slab*> slabs;
    for (const PoolMemory& memory : memory_) {
        idle += memory.idle().count();
        holes += memory.hole_count();
        for (const auto& slab : memory.slabs()) slabs.push_back(slab.get());
    }
    for (const Slab* slab : slabs) {
        const std::byte* end = slab->data;
        const Range* previous = nullptr;
        std::size_t with_memory = 0;
        for (const Range* range = slab->first; range != nullptr; range = range->next) {
            require(range->data == end, "a range does not start where the one before it ends");
            require(range->previous == previous && range->slab == slab, "a range is linked to the wrong place");
            require(range->bytes > 0 && range->bytes % block_alignment == 0, "a range has a crooked size");
            const bool listed = range->state == RangeState::idle || range->state == RangeState::hole ||
                                range->state == RangeState::loose;
            require((range->free_in != nullptr) == listed, "a range is in a free list in the wrong state");
            require(previous == nullptr || previous->free_in != range->free_in || !listed,
                    "two neighbours that nobody uses were not merged");
            require(range->list.is_linked() == (range->state == RangeState::waiting),
                    "a range is in a batch and does not wait, or waits in none");
            require(range->by_size.is_linked() == listed ||
                        (range->state == RangeState::waiting && range->batch->uniform == FreeBatch::mixed &&
                         range->batch->stream != nullptr),
                    "a range is listed in the wrong state");
            of(range->state).bytes += range->bytes;
            ++of(range->state).count;
            if (range->state != RangeState::hole) with_memory += range->bytes;
            end = range->end();
            previous = range;
        }
        require(slab->last == previous, "a slab's last range is not its last");
        require(end == slab->data + slab->bytes, "a slab's ranges do not fill it");
        require(slab->is_plain() || slab->arena->committed_bytes() == with_memory,
                "a slab's holes are not where its arena has no memory");
        reserved += with_memory;
    }
    for (const PoolMemory& memory : memory_) {
        memory.check_away(memory.idle());
        waiting_.check_away(memory);
    }
    std::size_t cached = transfers_.counts().blocks;
    caches_.for_each([&](const ThreadCache& cache) { cached += cache.counts().cached_blocks; });
    require(of(RangeState::idle).count == idle && of(RangeState::hole).count == holes &&
                of(RangeState::waiting).count == waiting_.count() &&
                of(RangeState::loose).count == waiting_.loose_count() && of(RangeState::cached).count == cached,
            "a list holds a range that no slab has");
    require(books.reserved_bytes == reserved && books.live_bytes == of(RangeState::live).bytes &&
                books.cached_bytes == of(RangeState::cached).bytes &&
                books.waiting_bytes + books.lost_bytes == of(RangeState::waiting).bytes + of(RangeState::loose).bytes &&
                books.idle_bytes == of(RangeState::idle).bytes && of(RangeState::between).count == 0 &&
                books.live_blocks == of(RangeState::live).count,
            "the statistics differ from the ranges");
}

}  // namespace triune
