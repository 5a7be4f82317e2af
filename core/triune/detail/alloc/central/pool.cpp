// SPDX-License-Identifier: Apache-2.0
#include <triune/detail/alloc/central/pool.hpp>

#include <algorithm>
#include <mutex>
#include <new>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <triune/base/error.hpp>
#include <triune/base/units.hpp>
#include <triune/detail/base/byte_text.hpp>
#include <triune/detail/base/memory_watch.hpp>

namespace triune {
namespace {

Block block_of(Span* span) noexcept { return {span->data, span->bytes, span}; }

Block block_in_use(Span* span, std::size_t bytes) noexcept {
    if (const MemoryWatch* const watch = memory_watch()) watch->in_use(span->data, bytes);
    return block_of(span);
}

// What is cut for `bytes`. Throws out_of_memory where no device has as much.
std::size_t size_of(std::size_t bytes) {
    const std::size_t size = block_bytes(bytes);
    if (size < bytes) throw out_of_memory(byte_text(bytes) + " are more than any device has");
    return size;
}

}  // namespace

Pool::Pool(ChunkPool& chunks)
    : device_(chunks.device()),
      poisons_(device_.properties().host_addressable),
      records_(device_),
      heaps_{PageHeap(chunks, records_, small_blocks), PageHeap(chunks, records_, large_blocks)},
      pending_(device_, records_),
      max_cache_bytes_(ThreadCache::share_of(device_.properties().total_bytes)),
      transfers_(TransferCache::share_of(max_cache_bytes_)) {}

Pool::~Pool() { report_teardown(device_.synchronize(), "waiting for the device before its pool goes"); }

StreamKey Pool::key_of(StreamHandle stream) const {
    StreamKey key{stream, 0};
    const Status status = device_.stream_id(stream, key.id);
    if (!status.ok()) refuse(status);
    return key;
}

// For frees: asks nothing that harms a capture.
bool Pool::knows(StreamHandle stream, StreamKey& key) const noexcept {
    StreamState state;
    key.handle = stream;
    return device_.stream_state(stream, state).ok() && !state.capturing && state.of_this_device &&
           device_.stream_id(stream, key.id).ok();
}

void Pool::refuse(Status unknown_stream) {
    const int error = unknown_stream.cuda_error;
    if (error == cuda_error::stream_capture_unsupported) {
        throw device_error("memory was asked for on a stream that is capturing a graph, which might run again when the "
                           "memory is another's: allocate before the capture",
                           error);
    }
    if (error != cuda_error::invalid_resource_handle && error != cuda_error::invalid_value) {
        check(unknown_stream, "asking for a stream's number");
    }
    throw invalid_argument("memory was asked for on a stream that the device does not know (CUDA error " +
                           std::to_string(error) + ")");
}

inline Span* Pool::acquire(std::size_t bytes, StreamKey stream, ThreadCache* cache) {
    Span* span = cache != nullptr ? cache->acquire(bytes, stream) : nullptr;
    if (span == nullptr && cache != nullptr) span = acquire_transferred(bytes, stream, *cache);
    return span != nullptr ? span : acquire_central(bytes, stream, cache);
}

Block Pool::allocate(std::size_t bytes, StreamHandle stream) {
    if (bytes == 0) return {};
    const std::size_t size = size_of(bytes);
    const StreamKey key = key_of(stream);
    ThreadCache* const cache = own_cache(size);
    return block_in_use(acquire(size, key, cache), bytes);
}

Block Pool::allocate_zeroed(std::size_t bytes, StreamHandle stream) {
    if (bytes == 0) return {};
    const std::size_t size = size_of(bytes);
    const StreamKey key = key_of(stream);
    ThreadCache* const cache = own_cache(size);
    const bool watched = memory_watch() != nullptr;
    const bool ahead = cache != nullptr && size <= largest_rounded_bytes && !watched;
    if (Span* const span = ahead ? cache->acquire_zeroed(size, key) : nullptr) return block_of(span);
    Span* const span = acquire(size, key, cache);
    const std::size_t count = std::min(max_together, max_bytes_together / size);
    const SpanStack others = ahead ? cache->acquire_to_zero(size, key, count - 1) : SpanStack{};
    const Block block = block_in_use(span, bytes);
    const Status zeroed = others.empty() ? device_.fill(span->data, 0, 1, watched ? bytes : span->bytes, stream)
                                         : zero(*span, others, stream);
    if (!zeroed.ok()) {
        if (!others.empty()) cache->refill(others, key);
        deallocate(block, StreamOrder::on(stream));
        check(zeroed, "zeroing a buffer's new elements");
    }
    if (!others.empty()) cache->keep_zeroed(others, key);
    return block;
}

Status Pool::zero(const Span& span, SpanStack others, StreamHandle stream) noexcept {
    std::array<CopyPiece, max_together> pieces;
    std::size_t count = 0;
    pieces[count++] = {span.data, nullptr, span.bytes};
    while (!others.empty()) {
        const Span& other = *others.pop();
        pieces[count++] = {other.data, nullptr, other.bytes};
    }
    return device_.copy_on_device(std::span(pieces).first(count), stream);
}

Span* Pool::acquire_transferred(std::size_t bytes, StreamKey stream, ThreadCache& cache) noexcept {
    if (bytes > largest_rounded_bytes || !cache.has(stream)) return nullptr;
    const SpanStack spans = transfers_.acquire(size_class(bytes), stream.id);
    if (spans.empty()) return nullptr;
    cache.refill(spans, stream);
    return cache.acquire(bytes, stream);
}

// See Effort: what may wait is done between the looks, without the lock.
Span* Pool::acquire_central(std::size_t bytes, StreamKey stream, ThreadCache* own) {
    open(stream);
    ThreadCache* cache = own;
    if (bytes > largest_rounded_bytes || (cache != nullptr && !open(*cache, stream))) cache = nullptr;
    SpanStack others;
    Span* span = acquire_with(Effort::look, bytes, stream, own, cache, others);
    if (span == nullptr) {
        if (flush_pays(heap_of(bytes))) flush_caches();
        span = acquire_with(Effort::grow, bytes, stream, own, cache, others);
    }
    if (span == nullptr) {
        flush_caches();
        span = acquire_after_waiting(bytes, stream, own, cache, others);
    }
    if (!others.empty()) cache->refill(others, stream);
    return span;
}

// A block of a rounded class brings others of its class along for the thread's cache, so that the lock is taken once
// for many. Null where more effort may find one.
Span* Pool::acquire_with(Effort effort, std::size_t bytes, StreamKey stream, ThreadCache* own, ThreadCache* cache,
                         SpanStack& others) {
    const std::lock_guard lock(mutex_);
    pending_.open(stream.id);  // it may have been cleared away as one of many
    if (FreeBatch* batch = cache != nullptr ? pending_.acquire_uniform(size_class(bytes), stream.id) : nullptr) {
        Span* const span = &batch->spans.front();
        batch->spans.pop_front();
        while (!batch->spans.empty()) {
            others.push(&batch->spans.front());
            batch->spans.pop_front();
        }
        records_.release(batch);
        mark_allocated(span);
        return span;
    }
    const bool sparing = own != nullptr && bytes > largest_sparing_bytes && pending_.sharing().memory_is_own();
    if (effort == Effort::look && sparing) flush_large(*own, stream);
    Span* span = find_or_order(bytes, stream);
    if (span == nullptr && effort != Effort::look) {
        try {
            grow(effort, bytes, stream);
        } catch (const out_of_memory&) {
            if (effort == Effort::last) throw;
        }
        span = find(bytes, stream.id);
        if (span == nullptr && effort == Effort::last) throw out_of_memory("the device has no memory left");
    }
    if (span == nullptr) return nullptr;
    const std::size_t fit = std::min(span->bytes, max_bytes_together) / bytes;
    const std::size_t count = cache == nullptr ? 1 : std::clamp<std::size_t>(fit, 1, max_together);
    try {
        records_.reserve_spans(count);
    } catch (const std::bad_alloc&) {  // what was moved side by side for it stays where it is
        if (span->free_in != nullptr) span->segment->heap->note_free(*span);
        throw;
    }
    cut(span, count * bytes);
    for (std::size_t i = count; i > 1; --i) {
        Span* const other = records_.acquire_span();
        span->segment->split(span, (i - 1) * bytes, other);
        other->become_cached();
        others.push(other);
    }
    mark_allocated(span);
    return span;
}

void Pool::flush_large(ThreadCache& cache, StreamKey stream) noexcept {
    const SpanBatch large = cache.flush_large(stream);
    if (large.spans.empty()) return;
    free_together(large.spans, large.uniform, pending_.at(stream.id), stream.handle);
}

void Pool::mark_allocated(Span* span) noexcept {
    span->become_allocated();
    allocated_bytes_ += static_cast<std::ptrdiff_t>(span->bytes);
    ++allocated_blocks_;
}

// The tightest of what waits on this very stream and what is free; where equal, the stream's own, still warm.
Span* Pool::find(std::size_t bytes, std::uint64_t stream) noexcept {
    Span* const own = pending_.find(bytes, stream);
    Span* const free = heaps_[heap_of(bytes)].free_spans().find(bytes);
    if (own == nullptr || free == nullptr) return own != nullptr ? own : free;
    return free->bytes < own->bytes ? free : own;
}

Span* Pool::find_or_order(std::size_t bytes, StreamKey stream) noexcept {
    PageHeap& heap = heaps_[heap_of(bytes)];
    PendingStream& place = *pending_.at(stream.id);
    try {
        heap.restore_primary(place.stream_free[heap.kind()]);
        heap.restore_primary(heap.free_spans());
    } catch (const std::bad_alloc&) {  // they serve where they are, but not side by side
    }
    if (Span* const span = find(bytes, stream.id)) return span;
    // One stream alone has found what it freed; others may wait for an event.
    if (pending_.sharing().frees_need_event()) order_own(stream);
    if (pending_.stream_free_bytes_except(&place) > 0 && order_all_pays()) order_all_but(&place);
    pending_.collect();
    return find(bytes, stream.id);
}

void Pool::grow(Effort effort, std::size_t bytes, StreamKey stream) {
    PageHeap& heap = heaps_[heap_of(bytes)];
    PendingStream& place = *pending_.at(stream.id);
    const bool alone = pending_.sharing().memory_is_own();
    FreeList& free = alone ? place.stream_free[heap.kind()] : heap.free_spans();
    const StreamOrder order = alone ? StreamOrder::on(stream.handle) : StreamOrder::after_all();
    if (alone) {
        // What is free may as well be the stream's own: its pieces are then neighbours of all others.
        while (!heap.free_spans().spans().empty()) {
            Span* const span = &*heap.free_spans().spans().begin();
            heap.free_spans().remove(span);
            heap.note_free(*free.insert(span));
        }
        heap.free_spans().note_aliased(false);
        if (free.find(bytes) != nullptr) return;
    }
    try {
        return heap.grow(bytes, commit_step, free, order);
    } catch (const out_of_memory&) {  // perhaps the step was too greedy
    }
    try {
        return heap.grow(bytes, 0, free, order);
    } catch (const out_of_memory&) {
        if (effort != Effort::last) throw;
    }
    if (device_.properties().virtual_memory) {  // plain segments went before, without the lock
        std::vector<std::unique_ptr<Segment>> none;
        for (PageHeap& each : heaps_) each.trim(none);
    }
    heap.grow(bytes, 0, free, order);
}

// The first `bytes` of `span` leave its list; the rest stays in the state that it has. There is a
// record for it.
void Pool::cut(Span* span, std::size_t bytes) noexcept {
    Span* const rest = span->bytes > bytes ? records_.acquire_span() : nullptr;
    FreeBatch* const batch = span->state == SpanState::pending_free ? span->batch : nullptr;
    FreeList* const list = span->free_in;
    batch != nullptr ? pending_.remove(span) : list->remove(span);
    span->become_allocated();  // before the rest looks at its neighbours to merge with
    if (rest != nullptr) {
        span->segment->split(span, bytes, rest);
        if (batch != nullptr) {
            pending_.add_rest(rest, batch);
        } else {
            rest->segment->heap->note_free(*list->insert(rest));
        }
    }
    if (batch != nullptr) pending_.release_if_empty(batch);
}

// Makes a place for what is freed on the stream. Throws std::bad_alloc; invalid_argument for one of another device.
void Pool::open(StreamKey stream) {
    {
        const std::lock_guard lock(mutex_);
        if (pending_.at(stream.id) != pending_.no_stream()) return;
    }
    StreamState state;
    check(device_.stream_state(stream.handle, state), "asking whose a stream is");
    if (!state.of_this_device) {
        throw invalid_argument("memory was asked for on a stream of another device than device " +
                               std::to_string(device_.properties().ordinal) + ", whose memory it is");
    }
    const std::lock_guard lock(mutex_);
    pending_.open(stream.id);
}

// Makes a place for the stream in a cache, and one for what comes from there. False for want of memory.
bool Pool::open(ThreadCache& cache, StreamKey stream) noexcept {
    SpanBatch evicted;
    if (!cache.open(stream, evicted)) return false;
    if (!evicted.spans.empty()) flush(evicted);
    const std::lock_guard lock(mutex_);
    try {
        pending_.open(stream.id);
    } catch (const std::bad_alloc&) {  // what is freed there will serve again a little later
    }
    return true;
}

void Pool::lock_for_fork() noexcept {
    mutex_.lock();
    caches_.lock();
    caches_.for_each([](ThreadCache& cache) { cache.lock_for_fork(); });
    transfers_.lock_for_fork();
}

void Pool::unlock_after_fork() noexcept {
    transfers_.unlock_after_fork();
    caches_.for_each([](ThreadCache& cache) { cache.unlock_after_fork(); });
    caches_.unlock();
    mutex_.unlock();
}

// The lock is given back between some thousands of records.
Span* Pool::next_of(std::uint32_t user, std::size_t& cursor) const noexcept {
    constexpr std::size_t at_once = 4096;
    for (;;) {
        const std::lock_guard lock(mutex_);
        const std::size_t end = std::min(records_.count(), cursor + at_once);
        while (cursor < end) {
            Span& span = records_.at(cursor++);
            if (span.user.load(std::memory_order_relaxed) == user) return &span;
        }
        if (cursor == records_.count()) return nullptr;
    }
}

// Exact while nobody is in a call; a block that is on its way while this looks may be counted on neither side.
PoolStatistics Pool::statistics() const {
    PoolStatistics found;
    std::ptrdiff_t allocated_bytes = 0;
    std::ptrdiff_t allocated_blocks = 0;
    caches_.for_each([&](const ThreadCache& cache) {
        const ThreadCache::Counts counts = cache.counts();
        allocated_bytes += counts.allocated_bytes;
        allocated_blocks += counts.allocated_blocks;
        found.cached_bytes += counts.cached_bytes;
    });
    found.cached_bytes += transfers_.counts().bytes;
    const std::lock_guard lock(mutex_);
    found.reserved_bytes = reserved_bytes();
    for (const PageHeap& heap : heaps_) found.idle_bytes += heap.free_spans().bytes();
    found.live_bytes = static_cast<std::size_t>(std::max<std::ptrdiff_t>(allocated_bytes + allocated_bytes_, 0));
    found.live_blocks = static_cast<std::size_t>(std::max<std::ptrdiff_t>(allocated_blocks + allocated_blocks_, 0));
    found.lost_bytes = pending_.refused_bytes();
    found.waiting_bytes = pending_.bytes() - found.lost_bytes;
    return found;
}

}  // namespace triune
