// SPDX-License-Identifier: Apache-2.0
#include <triune/detail/alloc/front/transfer_cache.hpp>

#include <triune/detail/alloc/front/spin_lock.hpp>

namespace triune {

SpanBatch TransferCache::Place::remove(std::size_t index) noexcept {
    const Batch gone = batches[index];
    std::move(batches.begin() + static_cast<std::ptrdiff_t>(index) + 1,
              batches.begin() + static_cast<std::ptrdiff_t>(used),
              batches.begin() + static_cast<std::ptrdiff_t>(index));
    --used;
    bytes -= gone.counts.bytes;
    return gone.batch;
}

bool TransferCache::put(const SpanBatch& batch, SpanBatch& evicted) noexcept {
    Counts counts;
    for (const Span* span = batch.spans.top; span != nullptr; span = span->below) {
        counts.bytes += span->bytes;
        ++counts.blocks;
    }
    if (counts.bytes > max_bytes_each_) return false;
    Place& place = of(batch.stream);
    const SpinLock lock(place.locked);
    if (place.used == max_batches || place.bytes + counts.bytes > max_bytes_each_) {
        const Batch& oldest = place.batches.front();
        if (oldest.batch.stream == batch.stream || place.bytes - oldest.counts.bytes + counts.bytes > max_bytes_each_)
            return false;
        evicted = place.remove(0);
    }
    place.batches[place.used++] = {batch, counts};
    place.bytes += counts.bytes;
    return true;
}

// The newest: its memory is the warmest.
SpanStack TransferCache::acquire(SizeClass size, std::uint64_t stream) noexcept {
    Place& place = of(stream);
    const SpinLock lock(place.locked);
    for (std::size_t index = place.used; index-- > 0;) {
        const SpanBatch& kept = place.batches[index].batch;
        if (kept.uniform == size && kept.stream == stream) return place.remove(index).spans;
    }
    return {};
}

bool TransferCache::flush(SpanBatch& flushed) noexcept {
    for (Place& place : places_) {
        const SpinLock lock(place.locked);
        if (place.used == 0) continue;
        flushed = place.remove(place.used - 1);
        return true;
    }
    return false;
}

TransferCache::Counts TransferCache::counts() const noexcept {
    Counts sum;
    for (const Place& place : places_) {
        const SpinLock lock(place.locked);
        for (std::size_t index = 0; index < place.used; ++index) {
            sum.bytes += place.batches[index].counts.bytes;
            sum.blocks += place.batches[index].counts.blocks;
        }
    }
    return sum;
}

void TransferCache::lock_for_fork() noexcept {
    for (Place& place : places_) SpinLock::lock(place.locked);
}

void TransferCache::unlock_after_fork() noexcept {
    for (Place& place : places_) SpinLock::unlock(place.locked);
}

}  // namespace triune
