// SPDX-License-Identifier: Apache-2.0
#include <triune/detail/alloc/mapping/free_chunks.hpp>

#include <algorithm>
#include <iterator>
#include <utility>

namespace triune {

FreeChunks::FreeChunks(const Segment& segment, FreeList& free) : segment_(segment) {
    const std::size_t least = segment.mappings->granularity();
    for (auto each = free.spans().rbegin(); each != free.spans().rend() && each->bytes >= least; ++each)
        by_size_.push_back(&*each);
    by_address_ = by_size_;
    std::sort(by_address_.begin(), by_address_.end(), [](const Span* a, const Span* b) { return a->data < b->data; });
}

Span* FreeChunks::span_of(const PoolChunk& chunk) const noexcept {
    const std::byte* const begin = segment_.data + chunk.active;
    const std::byte* const end = begin + chunk.chunk.bytes;
    // Neighbours are asked for one after the other.
    if (last_ != nullptr && last_->data <= begin && end <= last_->end()) return last_;
    const auto behind = std::upper_bound(by_address_.begin(), by_address_.end(), begin,
                                         [](const std::byte* at, const Span* span) { return at < span->data; });
    if (behind == by_address_.begin()) return nullptr;
    Span* const span = *std::prev(behind);
    return end <= span->end() ? last_ = span : nullptr;
}

std::vector<PoolChunk*> FreeChunks::gather(std::size_t bytes) const {
    std::vector<PoolChunk*> found;
    for (const Span* span : by_size_) {
        visit_chunks(segment_, *span, [&](PoolChunk& chunk) {
            found.push_back(&chunk);
            return true;
        });
    }
    std::sort(found.begin(), found.end(), [](const PoolChunk* a, const PoolChunk* b) {
        return std::pair(a->chunk.bytes, a->active) > std::pair(b->chunk.bytes, b->active);
    });
    std::size_t sum = 0;
    const auto enough = std::find_if(found.begin(), found.end(), [&](const PoolChunk* chunk) {
        return std::exchange(sum, sum + chunk->chunk.bytes) >= bytes;
    });
    found.erase(enough, found.end());
    return found;
}

}  // namespace triune
