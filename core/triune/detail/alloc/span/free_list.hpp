// SPDX-License-Identifier: Apache-2.0
// Spans that nobody has, by size; neighbours among those of one list are merged.
#pragma once

#include <cstddef>

#include <triune/detail/alloc/span/span.hpp>
#include <triune/detail/alloc/span/span_store.hpp>

namespace triune {

// Not thread-safe.
class FreeList {
  public:
    // For spans in `state`: stream_free, free or unmapped.
    FreeList(SpanStore& records, SpanState state) noexcept : records_(records), state_(state) {}
    FreeList(const FreeList&) = delete;
    FreeList& operator=(const FreeList&) = delete;
    ~FreeList() {
        spans_.clear();
        by_address_.clear();
    }

    // Enters a span that is listed nowhere; answers the one that it has become part of.
    Span* insert(Span* span) noexcept;
    void remove(Span* span) noexcept;
    // The smallest of at least `bytes`; null where there is none.
    Span* find(std::size_t bytes) noexcept;

    // Of unmapped spans: the one that the address lies in, which is an unmapped span's.
    Span* containing(const std::byte* address) noexcept;

    // Whether a chunk that lies wholly in one of the spans may be used at an alias: see PageHeap.
    bool any_aliased() const noexcept { return any_aliased_; }
    void note_aliased(bool any) noexcept { any_aliased_ = any; }

    std::size_t bytes() const noexcept { return bytes_; }
    std::size_t count() const noexcept { return spans_.size(); }
    // Smallest first.
    SpansBySize& spans() noexcept { return spans_; }
    const SpansBySize& spans() const noexcept { return spans_; }

  private:
    void enter(Span* span) noexcept;
    void leave(Span* span) noexcept;

    SpanStore& records_;
    const SpanState state_;
    SpansBySize spans_;
    SpansByAddress by_address_;  // of unmapped spans alone: nothing asks for free spans so, and they come and go often
    std::size_t bytes_ = 0;
    bool any_aliased_ = false;
};

}  // namespace triune
