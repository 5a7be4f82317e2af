// SPDX-License-Identifier: Apache-2.0
#include <triune/alloc/front/transfer_cache.hpp>

#include <triune/alloc/front/spin_lock.hpp>

namespace triune {

Surplus TransferCache::Place::remove(std::size_t index) noexcept {
    const Batch gone = batches[index];
    std::move(batches.begin() + static_cast<std::ptrdiff_t>(index) + 1,
              batches.begin() + static_cast<std::ptrdiff_t>(used),
              batches.begin() + static_cast<std::ptrdiff_t>(index));
    --used;
    bytes -= gone.counts.bytes;
    return gone.surplus;
}

bool TransferCache::put(const Surplus& surplus, Surplus& evicted) noexcept {
    Counts counts;
    for (const Range* range = surplus.ranges.top; range != nullptr; range = range->below) {
        counts.bytes += range->bytes;
        ++counts.blocks;
    }
    if (counts.bytes > most_bytes_each_) return false;
    Place& place = of(surplus.stream);
    const SpinLock lock(place.locked);
    if (place.used == most_batches || place.bytes + counts.bytes > most_bytes_each_) {
        const Batch& oldest = place.batches.front();
        if (oldest.surplus.stream == surplus.stream ||
            place.bytes - oldest.counts.bytes + counts.bytes > most_bytes_each_)
            return false;
        evicted = place.remove(0);
    }
    place.batches[place.used++] = {surplus, counts};
    place.bytes += counts.bytes;
    return true;
}

// The newest: its memory is the warmest.
RangeStack TransferCache::take(SizeClass size, std::uint64_t stream) noexcept {
    Place& place = of(stream);
    const SpinLock lock(place.locked);
    for (std::size_t index = place.used; index-- > 0;) {
        const Surplus& kept = place.batches[index].surplus;
        if (kept.uniform == size && kept.stream == stream) return place.remove(index).ranges;
    }
    return {};
}

bool TransferCache::take_all(Surplus& taken) noexcept {
    for (Place& place : places_) {
        const SpinLock lock(place.locked);
        if (place.used == 0) continue;
        taken = place.remove(place.used - 1);
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
