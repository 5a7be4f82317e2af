// SPDX-License-Identifier: Apache-2.0
// How the pool takes memory back, and orders it.
#include <algorithm>
#include <mutex>

#include <triune/alloc/central/pool.hpp>
#include <triune/base/memory_watch.hpp>
#include <triune/base/units.hpp>

namespace triune {

void Pool::deallocate(Block block, StreamOrder order) noexcept {
    Range* const range = block.range;
    if (range == nullptr) return;
    if (poisons_) poison(*range, order);
    if (const MemoryWatch* const watch = memory_watch()) watch->not_in_use(range->data);
    ThreadCache* const cache = order.names_stream() ? own_cache(range->bytes) : nullptr;
    if (cache != nullptr && cache->put(range, order.stream())) return relieve(*cache, order.stream());
    StreamKey key;
    const bool known = order.names_stream() && knows(order.stream(), key);
    if (known && cache != nullptr && open(*cache, key) && cache->put(range, key.handle))
        return relieve(*cache, key.handle);
    RangeStack alone;
    const std::lock_guard lock(mutex_);
    live_bytes_ -= static_cast<std::ptrdiff_t>(range->bytes);
    --live_blocks_;
    alone.push(range);
    if (!known) {
        const DeviceProperties& device = device_.properties();
        const bool at_once = !order.names_stream() && device.device_events && !device.unseen_captures;
        if (at_once && wait_together(alone, FreeBatch::mixed, waiting_.no_stream(), order)) return;
        return waiting_.keep_loose(range, waiting_.no_stream());
    }
    free_together(alone, FreeBatch::mixed, waiting_.at(key.id), key.handle);
}

// Brings a cache back under its bounds. The caller vouches for the stream, but it may be a new one under an old handle.
void Pool::relieve(ThreadCache& cache, StreamHandle stream) noexcept {
    if (!cache.too_full()) return;
    const Surplus surplus = cache.surplus(stream);
    if (surplus.ranges.empty()) return;
    StreamKey key;
    if (!knows(stream, key) || key.id != surplus.stream) return flush(surplus);
    Surplus evicted;
    if (surplus.uniform == FreeBatch::mixed || !transfers_.put(surplus, evicted)) return flush_on(surplus, stream);
    if (!evicted.ranges.empty()) flush(evicted);
}

// Of a stream that may be gone: what it freed is its own until that can be ordered.
void Pool::flush(Surplus surplus) noexcept {
    const std::lock_guard lock(mutex_);
    WaitingStream* const place = waiting_.at(surplus.stream);
    while (!surplus.ranges.empty()) waiting_.keep_loose(surplus.ranges.pop(), place);
}

void Pool::flush_on(Surplus surplus, StreamHandle stream) noexcept {
    const std::lock_guard lock(mutex_);
    free_together(surplus.ranges, surplus.uniform, waiting_.at(surplus.stream), stream);
}

void Pool::flush_caches() noexcept {
    const auto empty = [&](auto& cache) {
        for (Surplus taken; cache.take_all(taken); taken = {}) flush(taken);
    };
    caches_.for_each(empty);
    empty(transfers_);
}

// Makes the ranges wait for the work queued on the stream by now; there they may be used again at once. As long as the
// stream is alone no event is recorded yet: see Note [One stream alone].
void Pool::free_together(RangeStack ranges, SizeClass uniform, WaitingStream* stream, StreamHandle handle) noexcept {
    const bool loose = uniform == FreeBatch::mixed && stream != waiting_.no_stream() && waiting_.one_stream();
    if (!loose && wait_together(ranges, uniform, stream, StreamOrder::on(handle))) return;
    while (!ranges.empty()) waiting_.keep_loose(ranges.pop(), stream);
}

// False, with nothing done, where the order cannot be recorded.
bool Pool::wait_together(RangeStack ranges, SizeClass uniform, WaitingStream* stream, StreamOrder order) noexcept {
    FreeBatch* const batch = records_.batch();
    const bool has_event = batch->event != nullptr || device_.event_create(batch->event).ok();
    const bool recorded = has_event && (order.names_stream() ? device_.event_record(batch->event, order.stream())
                                                             : device_.event_record_device(batch->event))
                                           .ok();
    if (!recorded) {
        records_.put_back(batch);
        return false;
    }
    while (!ranges.empty()) batch->ranges.push_back(*ranges.pop());
    batch->uniform = uniform;
    waiting_.add(batch, stream);
    return true;
}

// What is loose on a stream that a call names, and that is not alone any more, waits for an event from now on, and then
// serves all.
void Pool::order_own(StreamKey stream) noexcept {
    WaitingStream* const place = waiting_.at(stream.id);
    if (place == waiting_.no_stream() || place->loose_bytes() == 0) return;
    const RangeStack ranges = waiting_.loosen(*place);
    if (wait_together(ranges, FreeBatch::mixed, place, StreamOrder::on(stream.handle))) return;
    for (RangeStack left = ranges; !left.empty();) waiting_.keep_loose(left.pop(), place);
}

// The same for all that is loose, by an event of the whole device. False where the device refuses.
bool Pool::order_all_but(const WaitingStream* own) noexcept {
    if (!device_.properties().device_events) return false;
    bool ordered = true;
    waiting_.for_each_place([&](WaitingStream& place) {
        if (!ordered || &place == own || place.loose_bytes() == 0) return;
        const RangeStack ranges = waiting_.loosen(place);
        ordered = wait_together(ranges, FreeBatch::mixed, &place, StreamOrder::after_all());
        for (RangeStack left = ordered ? RangeStack{} : ranges; !left.empty();) waiting_.keep_loose(left.pop(), &place);
    });
    waiting_.note_refused(!ordered);
    return ordered;
}

// See Note [Freed without a stream]. What one stream that is alone has loose is no reason.
bool Pool::order_all_pays() noexcept {
    const DeviceProperties& device = device_.properties();
    if (!device.device_events) return false;
    return !device.unseen_captures ||
           waiting_.loose_bytes_but(nullptr) > device.total_bytes / unordered_divisor;
}

// A use after free then shows as nonsense on the simulated device. Only the head, so that big buffers stay cheap.
void Pool::poison(const Range& range, StreamOrder order) noexcept {
    constexpr std::size_t head = 64 * KiB;
    if (!order.names_stream()) return;
    const Status filled = device_.fill(range.data, 0xDB, 1, std::min(range.bytes, head), order.stream());
    static_cast<void>(filled);  // only a diagnostic: nothing depends on it
}

}  // namespace triune
