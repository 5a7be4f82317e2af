// SPDX-License-Identifier: Apache-2.0
#include <triune/alloc/mapping/free_chunks.hpp>

#include <algorithm>
#include <iterator>

namespace triune {

IdleChunks::IdleChunks(const Slab& slab, FreeList& idle) : slab_(slab) {
    const std::size_t least = slab.arena->granularity();
    for (auto each = idle.ranges().rbegin(); each != idle.ranges().rend() && each->bytes >= least; ++each)
        by_size_.push_back(&*each);
    by_address_ = by_size_;
    std::sort(by_address_.begin(), by_address_.end(), [](const Range* a, const Range* b) { return a->data < b->data; });
}

Range* IdleChunks::range_of(const SeatedChunk& chunk) const noexcept {
    const std::byte* const begin = slab_.data + chunk.seat;
    const std::byte* const end = begin + chunk.chunk.bytes;
    // Neighbours are asked for one after the other.
    if (last_ != nullptr && last_->data <= begin && end <= last_->end()) return last_;
    const auto behind = std::upper_bound(by_address_.begin(), by_address_.end(), begin,
                                         [](const std::byte* at, const Range* range) { return at < range->data; });
    if (behind == by_address_.begin()) return nullptr;
    Range* const range = *std::prev(behind);
    return end <= range->end() ? last_ = range : nullptr;
}

std::vector<SeatedChunk*> IdleChunks::gather(std::size_t bytes) const {
    std::vector<SeatedChunk*> found;
    std::size_t sum = 0;
    for (const Range* range : by_size_) {
        if (sum >= bytes) break;
        visit_chunks(slab_, *range, [&](SeatedChunk& chunk) {
            found.push_back(&chunk);
            sum += chunk.chunk.bytes;
            return sum < bytes;
        });
    }
    return found;
}

}  // namespace triune
