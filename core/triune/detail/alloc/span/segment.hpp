// SPDX-License-Identifier: Apache-2.0
// One contiguous piece of addresses that the pool cuts into spans.
#pragma once

#include <cstddef>

#include <triune/detail/alloc/span/span.hpp>

namespace triune {

class AliasMappings;
class PageHeap;

// Bytes [offset, offset + bytes) of a segment.
struct Extent {
    std::size_t offset = 0;
    std::size_t bytes = 0;
};

// Either addresses at which memory is mapped here and there, or a plain allocation on devices without virtual memory.
// Its spans follow one another without a gap; where no memory is mapped they are unmapped.
struct Segment {
    PageHeap* heap = nullptr;           // whose it is
    AliasMappings* mappings = nullptr;  // what is mapped there; null in a plain one
    std::byte* data = nullptr;
    std::size_t bytes = 0;  // of addresses
    Span* first = nullptr;
    Span* last = nullptr;

    bool is_plain() const noexcept { return mappings == nullptr; }
    Extent extent(const Span& span) const noexcept { return {static_cast<std::size_t>(span.data - data), span.bytes}; }

    // `record` becomes the only span, and is all of the segment.
    void cover(Span* record) noexcept {
        record->segment = this;
        record->free_in = nullptr;
        record->previous = record->next = nullptr;
        record->data = data;
        record->bytes = bytes;
        first = last = record;
    }
    // `span` keeps its first `bytes`, `record` becomes the rest.
    void split(Span* span, std::size_t bytes_kept, Span* record) noexcept {
        record->segment = this;
        record->free_in = nullptr;
        record->data = span->data + bytes_kept;
        record->bytes = span->bytes - bytes_kept;
        record->previous = span;
        record->next = span->next;
        (record->next != nullptr ? record->next->previous : last) = record;
        span->next = record;
        span->bytes = bytes_kept;
    }
    // `span` grows over the one behind it, whose record is the answer.
    Span* absorb_next(Span* span) noexcept {
        Span* const gone = span->next;
        span->bytes += gone->bytes;
        span->next = gone->next;
        (span->next != nullptr ? span->next->previous : last) = span;
        return gone;
    }
};

}  // namespace triune
