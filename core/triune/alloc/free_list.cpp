#include <triune/alloc/free_list.hpp>

#include <triune/alloc/slab.hpp>

namespace triune {

void FreeList::insert(Range* range) noexcept {
    range->state = state_;
    range->batch = nullptr;
    bytes_ += range->bytes;
    if (Range* next = range->next; next != nullptr && next->state == state_) {
        ranges_.erase(ranges_.iterator_to(*next));
        records_.put_back(range->slab->absorb_next(range));
    }
    if (Range* previous = range->previous; previous != nullptr && previous->state == state_) {
        ranges_.erase(ranges_.iterator_to(*previous));
        records_.put_back(range->slab->absorb_next(previous));
        range = previous;
    }
    ranges_.insert(*range);
}

void FreeList::remove(Range* range) noexcept {
    ranges_.erase(ranges_.iterator_to(*range));
    bytes_ -= range->bytes;
}

Range* FreeList::find(std::size_t bytes) noexcept {
    const auto fit = ranges_.lower_bound(bytes, SmallerRange{});
    return fit == ranges_.end() ? nullptr : &*fit;
}

}  // namespace triune
