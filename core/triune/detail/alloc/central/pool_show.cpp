// SPDX-License-Identifier: Apache-2.0
// What the pool has, piece by piece; apart from its working parts because only snapshots ask.
#include <mutex>

#include <triune/detail/alloc/central/pool.hpp>
#include <triune/detail/alloc/central/pool_visitor.hpp>

namespace triune {

void Pool::show(PoolVisitor& visitor) const {
    caches_.for_each([&](const ThreadCache& cache) {
        const ThreadCache::Counts counts = cache.counts();
        visitor.cache_of_thread(counts.cached_bytes, counts.cached_blocks);
    });
    const TransferCache::Counts between = transfers_.counts();
    visitor.cache_between_threads(between.bytes, between.blocks);
    const std::lock_guard lock(mutex_);
    for (const PageHeap& heap : heaps_) {
        const AliasMappings* mappings = nullptr;
        for (const auto& segment : heap.segments()) {
            visitor.segment(*segment, heap.kind());
            for (const Span* span = segment->first; span != nullptr; span = span->next) visitor.span(*span);
            if (!segment->is_plain()) mappings = segment->mappings;
        }
        if (mappings == nullptr) continue;
        for (const auto& [bytes, alias] : mappings->aliases()) visitor.alias(*mappings, alias);
    }
}

}  // namespace triune
