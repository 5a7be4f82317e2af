// SPDX-License-Identifier: Apache-2.0
// A segment of made-up addresses, cut into spans: for lists that never touch memory.
#pragma once

#include <vector>

#include <triune/detail/alloc/mapping/page_heap.hpp>
#include <triune/detail/alloc/span/segment.hpp>
#include <triune/detail/alloc/span/span_store.hpp>

#include "on_chunks.hpp"

namespace triune {

struct OnSegment : OnChunks {
    SpanStore records{sim};
    PageHeap heap{chunks, records, large_blocks};
    Segment segment;

    // Spans of `bytes` each, neighbours, allocated.
    std::vector<Span*> spans(std::size_t count, std::size_t bytes) {
        static std::byte addresses[1];
        records.reserve_spans(count);
        segment.heap = &heap;
        segment.data = addresses;
        segment.bytes = count * bytes;
        std::vector<Span*> made{records.acquire_span()};
        segment.cover(made.back());
        while (made.size() < count) {
            Span* const rest = records.acquire_span();
            segment.split(made.back(), bytes, rest);
            made.push_back(rest);
        }
        for (Span* span : made) span->become_allocated();
        return made;
    }
};

}  // namespace triune
