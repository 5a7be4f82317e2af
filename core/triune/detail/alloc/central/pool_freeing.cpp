// SPDX-License-Identifier: Apache-2.0
// How the pool takes memory back, and orders it.
#include <algorithm>
#include <mutex>

#include <triune/base/units.hpp>
#include <triune/detail/alloc/central/pool.hpp>
#include <triune/detail/base/memory_watch.hpp>

namespace triune {

void Pool::deallocate(Block block, StreamOrder order) noexcept {
    Span* const span = block.span;
    if (span == nullptr) return;
    if (poisons_) poison(*span, order);
    if (const MemoryWatch* const watch = memory_watch()) watch->not_in_use(span->data);
    ThreadCache* const cache = order.names_stream() ? own_cache(span->bytes) : nullptr;
    if (cache != nullptr && cache->put(span, order.stream())) return flush_excess(*cache, order.stream());
    StreamKey key;
    const bool known = order.names_stream() && knows(order.stream(), key);
    if (known && cache != nullptr && open(*cache, key) && cache->put(span, key.handle))
        return flush_excess(*cache, key.handle);
    SpanStack alone;
    const std::lock_guard lock(mutex_);
    allocated_bytes_ -= static_cast<std::ptrdiff_t>(span->bytes);
    --allocated_blocks_;
    alone.push(span);
    if (!known) {
        const DeviceProperties& device = device_.properties();
        const bool at_once = !order.names_stream() && device.device_events && !device.unseen_captures;
        if (at_once && wait_together(alone, FreeBatch::mixed, pending_.no_stream(), order)) return;
        return pending_.add_stream_free(span, pending_.no_stream());
    }
    free_together(alone, FreeBatch::mixed, pending_.at(key.id), key.handle);
}

// Brings a cache back under its bounds. The caller vouches for the stream, but it may be a new one under an old handle.
void Pool::flush_excess(ThreadCache& cache, StreamHandle stream) noexcept {
    if (!cache.too_full()) return;
    const SpanBatch batch = cache.flush_excess(stream);
    if (batch.spans.empty()) return;
    StreamKey key;
    if (!knows(stream, key) || key.id != batch.stream) {
        flush(batch);
        return;
    }
    SpanBatch evicted;
    if (batch.uniform == FreeBatch::mixed || !transfers_.put(batch, evicted)) return flush_on(batch, stream);
    if (!evicted.spans.empty()) flush(evicted);
}

// Of a stream that may be gone: what it freed is its own until that can be ordered. Answers the bytes.
std::size_t Pool::flush(SpanBatch batch) noexcept {
    const std::lock_guard lock(mutex_);
    PendingStream* const place = pending_.at(batch.stream);
    std::size_t bytes = 0;
    while (!batch.spans.empty()) {
        bytes += batch.spans.top->bytes;
        pending_.add_stream_free(batch.spans.pop(), place);
    }
    return bytes;
}

void Pool::flush_on(SpanBatch batch, StreamHandle stream) noexcept {
    const std::lock_guard lock(mutex_);
    free_together(batch.spans, batch.uniform, pending_.at(batch.stream), stream);
}

void Pool::flush_caches() noexcept {
    std::size_t flushed_bytes = 0;
    const auto empty = [&](auto& cache) {
        for (SpanBatch flushed; cache.flush(flushed); flushed = {}) flushed_bytes += flush(flushed);
    };
    caches_.for_each(empty);
    empty(transfers_);
    const std::lock_guard lock(mutex_);
    last_flush_ = {flushed_bytes, reserved_bytes()};
}

// Emptying other threads' caches stops each of them for a moment, and sends all of them here for their next blocks. So
// they keep what the heap may hold beyond what is used. How much they have is not known without stopping them: as much
// as last time, and what the pool has grown by since.
bool Pool::flush_pays(HeapKind heap) noexcept {
    {
        const std::lock_guard parts(caches_);
        if (!caches_.others_have_parts()) return true;
    }
    const std::lock_guard lock(mutex_);
    last_flush_.reserved_bytes = std::min(last_flush_.reserved_bytes, reserved_bytes());  // a trim may have been since
    const std::size_t grown = reserved_bytes() - last_flush_.reserved_bytes;
    return last_flush_.bytes + grown + commit_step > heaps_[heap].max_slack();
}

std::size_t Pool::reserved_bytes() const noexcept {
    std::size_t bytes = 0;
    for (const PageHeap& heap : heaps_) bytes += heap.reserved_bytes();
    return bytes;
}

// Makes the spans wait for the work queued on the stream by now; there they may be used again at once. As long as the
// stream is alone no event is recorded yet: see Note [One stream alone].
void Pool::free_together(SpanStack spans, SizeClass uniform, PendingStream* stream, StreamHandle handle) noexcept {
    const bool stream_free =
        uniform == FreeBatch::mixed && stream != pending_.no_stream() && !pending_.sharing().frees_need_event();
    if (!stream_free && wait_together(spans, uniform, stream, StreamOrder::on(handle))) return;
    while (!spans.empty()) pending_.add_stream_free(spans.pop(), stream);
}

// False, with nothing done, where the order cannot be recorded.
bool Pool::wait_together(SpanStack spans, SizeClass uniform, PendingStream* stream, StreamOrder order) noexcept {
    FreeBatch* const batch = records_.acquire_batch();
    const bool has_event = batch->event != nullptr || device_.event_create(batch->event).ok();
    const bool recorded = has_event && (order.names_stream() ? device_.event_record(batch->event, order.stream())
                                                             : device_.event_record_device(batch->event))
                                           .ok();
    if (!recorded) {
        records_.release(batch);
        return false;
    }
    while (!spans.empty()) batch->spans.push_back(*spans.pop());
    batch->uniform = uniform;
    pending_.add(batch, stream);
    return true;
}

// What is stream-free on a stream that a call names, and that is not alone any more, waits for an event from now on,
// and then serves all.
void Pool::order_own(StreamKey stream) noexcept {
    PendingStream* const place = pending_.at(stream.id);
    if (place == pending_.no_stream() || place->stream_free_bytes() == 0) return;
    const SpanStack spans = pending_.remove_stream_free(*place);
    if (wait_together(spans, FreeBatch::mixed, place, StreamOrder::on(stream.handle))) return;
    for (SpanStack left = spans; !left.empty();) pending_.add_stream_free(left.pop(), place);
}

// The same for all that is stream-free, by an event of the whole device. False where the device refuses.
bool Pool::order_all_but(const PendingStream* own) noexcept {
    if (!device_.properties().device_events) return false;
    bool ordered = true;
    pending_.for_each_place([&](PendingStream& place) {
        if (!ordered || &place == own || place.stream_free_bytes() == 0) return;
        const SpanStack spans = pending_.remove_stream_free(place);
        ordered = wait_together(spans, FreeBatch::mixed, &place, StreamOrder::after_all());
        for (SpanStack left = ordered ? SpanStack{} : spans; !left.empty();)
            pending_.add_stream_free(left.pop(), &place);
    });
    pending_.note_refused(!ordered);
    return ordered;
}

// See Note [Freed without a stream]. What one stream that is alone has stream-free is no reason.
bool Pool::order_all_pays() noexcept {
    const DeviceProperties& device = device_.properties();
    if (!device.device_events) return false;
    return !device.unseen_captures ||
           pending_.stream_free_bytes_except(nullptr) > device.total_bytes / unordered_divisor;
}

// A use after free then shows as nonsense on the simulated device. Only the head, so that big buffers stay cheap.
void Pool::poison(const Span& span, StreamOrder order) noexcept {
    constexpr std::size_t head = 64 * KiB;
    if (!order.names_stream()) return;
    const Status filled = device_.fill(span.data, 0xDB, 1, std::min(span.bytes, head), order.stream());
    static_cast<void>(filled);  // only a diagnostic: nothing depends on it
}

}  // namespace triune
