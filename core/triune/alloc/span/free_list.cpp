// SPDX-License-Identifier: Apache-2.0
#include <triune/alloc/span/free_list.hpp>

#include <iterator>

#include <triune/alloc/mapping/segment.hpp>

namespace triune {

Range* FreeList::insert(Range* range) noexcept {
    range->state = state_;
    range->batch = nullptr;
    range->free_in = this;
    bytes_ += range->bytes;
    if (Range* next = range->next; next != nullptr && next->free_in == this) {
        leave(next);
        records_.put_back(range->slab->absorb_next(range));
    }
    if (Range* previous = range->previous; previous != nullptr && previous->free_in == this) {
        leave(previous);
        records_.put_back(range->slab->absorb_next(previous));
        range = previous;
    }
    enter(range);
    return range;
}

void FreeList::remove(Range* range) noexcept {
    leave(range);
    range->free_in = nullptr;
    bytes_ -= range->bytes;
}

void FreeList::enter(Range* range) noexcept {
    ranges_.insert(*range);
    if (state_ == RangeState::hole) by_address_.insert(*range);
}

void FreeList::leave(Range* range) noexcept {
    ranges_.erase(ranges_.iterator_to(*range));
    if (state_ == RangeState::hole) by_address_.erase(by_address_.iterator_to(*range));
}

Range* FreeList::containing(const std::byte* address) noexcept {
    return &*std::prev(by_address_.upper_bound(address, LowerRange{}));
}

Range* FreeList::find(std::size_t bytes) noexcept {
    const auto fit = ranges_.lower_bound(bytes, SmallerRange{});
    return fit == ranges_.end() ? nullptr : &*fit;
}

}  // namespace triune
