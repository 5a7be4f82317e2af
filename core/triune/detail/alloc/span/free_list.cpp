// SPDX-License-Identifier: Apache-2.0
#include <triune/detail/alloc/span/free_list.hpp>

#include <iterator>

#include <triune/detail/alloc/span/segment.hpp>

namespace triune {

Span* FreeList::insert(Span* span) noexcept {
    span->become_listed(this, state_);
    bytes_ += span->bytes;
    if (Span* next = span->next; next != nullptr && next->free_in == this) {
        leave(next);
        records_.release(span->segment->absorb_next(span));
    }
    if (Span* previous = span->previous; previous != nullptr && previous->free_in == this) {
        leave(previous);
        records_.release(span->segment->absorb_next(previous));
        span = previous;
    }
    enter(span);
    return span;
}

void FreeList::remove(Span* span) noexcept {
    leave(span);
    span->free_in = nullptr;
    bytes_ -= span->bytes;
}

void FreeList::enter(Span* span) noexcept {
    spans_.insert(*span);
    if (state_ == SpanState::unmapped) by_address_.insert(*span);
}

void FreeList::leave(Span* span) noexcept {
    spans_.erase(spans_.iterator_to(*span));
    if (state_ == SpanState::unmapped) by_address_.erase(by_address_.iterator_to(*span));
}

Span* FreeList::containing(const std::byte* address) noexcept {
    return &*std::prev(by_address_.upper_bound(address, LowerSpan{}));
}

Span* FreeList::find(std::size_t bytes) noexcept {
    const auto fit = spans_.lower_bound(bytes, SmallerSpan{});
    return fit == spans_.end() ? nullptr : &*fit;
}

}  // namespace triune
