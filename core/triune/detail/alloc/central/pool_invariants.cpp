// SPDX-License-Identifier: Apache-2.0
// The pool's own check of itself; apart from its working parts because only tests call it.
#include <array>
#include <stdexcept>
#include <vector>

#include <triune/detail/alloc/central/pool.hpp>

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
    const PoolStatistics stats = statistics();
    const std::lock_guard lock(mutex_);
    std::array<Found, static_cast<std::size_t>(SpanState::moving) + 1> by_state{};
    const auto of = [&](SpanState state) -> Found& { return by_state[static_cast<std::size_t>(state)]; };
    std::size_t reserved = 0;
    std::size_t free = 0;
    std::size_t unmapped = 0;
    std::vector<const Segment*> segments;
    for (const PageHeap& heap : heaps_) {
        free += heap.free_spans().count();
        unmapped += heap.unmapped_count();
        for (const auto& segment : heap.segments()) segments.push_back(segment.get());
    }
    for (const Segment* segment : segments) {
        const std::byte* end = segment->data;
        const Span* previous = nullptr;
        std::size_t with_memory = 0;
        for (const Span* span = segment->first; span != nullptr; span = span->next) {
            require(span->data == end, "a span does not start where the one before it ends");
            require(span->previous == previous && span->segment == segment, "a span is linked to the wrong place");
            require(span->bytes > 0 && span->bytes % block_alignment == 0, "a span has a crooked size");
            const bool listed = span->state == SpanState::free || span->state == SpanState::unmapped ||
                                span->state == SpanState::stream_free;
            require((span->free_in != nullptr) == listed, "a span is in a free list in the wrong state");
            require(previous == nullptr || previous->free_in != span->free_in || !listed,
                    "two neighbours that nobody uses were not merged");
            require(span->list.is_linked() == (span->state == SpanState::pending_free),
                    "a span is in a batch and does not wait, or waits in none");
            require(span->by_size.is_linked() == listed ||
                        (span->state == SpanState::pending_free && span->batch->uniform == FreeBatch::mixed &&
                         span->batch->stream != nullptr),
                    "a span is listed in the wrong state");
            of(span->state).bytes += span->bytes;
            ++of(span->state).count;
            if (span->state != SpanState::unmapped) with_memory += span->bytes;
            end = span->end();
            previous = span;
        }
        require(segment->last == previous, "a segment's last span is not its last");
        require(end == segment->data + segment->bytes, "a segment's spans do not fill it");
        require(segment->is_plain() || segment->mappings->committed_bytes() == with_memory,
                "a segment's unmapped spans are not where it has no memory");
        reserved += with_memory;
    }
    for (const PageHeap& heap : heaps_) {
        heap.check_aliased(heap.free_spans());
        pending_.check_aliased(heap);
    }
    std::size_t cached = transfers_.counts().blocks;
    caches_.for_each([&](const ThreadCache& cache) { cached += cache.counts().cached_blocks; });
    require(of(SpanState::free).count == free && of(SpanState::unmapped).count == unmapped &&
                of(SpanState::pending_free).count == pending_.count() &&
                of(SpanState::stream_free).count == pending_.stream_free_count() &&
                of(SpanState::cached).count == cached,
            "a list holds a span that no segment has");
    require(stats.reserved_bytes == reserved && stats.live_bytes == of(SpanState::allocated).bytes &&
                stats.cached_bytes == of(SpanState::cached).bytes &&
                stats.waiting_bytes + stats.lost_bytes ==
                    of(SpanState::pending_free).bytes + of(SpanState::stream_free).bytes &&
                stats.idle_bytes == of(SpanState::free).bytes && of(SpanState::moving).count == 0 &&
                stats.live_blocks == of(SpanState::allocated).count,
            "the statistics differ from the spans");
}

}  // namespace triune
