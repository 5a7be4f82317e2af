// SPDX-License-Identifier: Apache-2.0
#include <triune/alloc/central/pool.hpp>

#include <algorithm>
#include <mutex>
#include <new>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <triune/base/error.hpp>
#include <triune/base/memory_watch.hpp>
#include <triune/base/units.hpp>

namespace triune {
namespace {

Block block_of(Range* range) noexcept { return {range->data, range->bytes, range}; }

Block block_in_use(Range* range, std::size_t bytes) noexcept {
    if (const MemoryWatch* const watch = memory_watch()) watch->in_use(range->data, bytes);
    return block_of(range);
}

// What is cut for `bytes`. Throws out_of_memory where no device has as much.
std::size_t size_of(std::size_t bytes) {
    const std::size_t size = block_bytes(bytes);
    if (size < bytes) throw out_of_memory(std::to_string(bytes) + " bytes are more than any device has");
    return size;
}

}  // namespace

Pool::Pool(ChunkPool& chunks)
    : device_(chunks.device()),
      poisons_(device_.properties().host_addressable),
      records_(device_),
      memory_{PoolMemory(chunks, records_, small_blocks), PoolMemory(chunks, records_, large_blocks)},
      waiting_(device_, records_),
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

inline Range* Pool::obtain(std::size_t bytes, StreamKey stream, ThreadCache* cache) {
    Range* range = cache != nullptr ? cache->take(bytes, stream) : nullptr;
    if (range == nullptr && cache != nullptr) range = take_transferred(bytes, stream, *cache);
    return range != nullptr ? range : take(bytes, stream, cache);
}

Block Pool::allocate(std::size_t bytes, StreamHandle stream) {
    if (bytes == 0) return {};
    const std::size_t size = size_of(bytes);
    const StreamKey key = key_of(stream);
    ThreadCache* const cache = own_cache(size);
    return block_in_use(obtain(size, key, cache), bytes);
}

Block Pool::allocate_zeroed(std::size_t bytes, StreamHandle stream) {
    if (bytes == 0) return {};
    const std::size_t size = size_of(bytes);
    const StreamKey key = key_of(stream);
    ThreadCache* const cache = own_cache(size);
    const bool watched = memory_watch() != nullptr;
    const bool ahead = cache != nullptr && size <= largest_rounded_bytes && !watched;
    if (Range* const range = ahead ? cache->take_zeroed(size, key) : nullptr) return block_of(range);
    Range* const range = obtain(size, key, cache);
    const std::size_t most = std::min(max_together, max_bytes_together / size);
    const RangeStack others = ahead ? cache->take_to_zero(size, key, most - 1) : RangeStack{};
    const Block block = block_in_use(range, bytes);
    const Status zeroed = others.empty() ? device_.fill(range->data, 0, 1, watched ? bytes : range->bytes, stream)
                                         : zero(*range, others, stream);
    if (!zeroed.ok()) {
        if (!others.empty()) cache->refill(others, key);
        deallocate(block, StreamOrder::on(stream));
        check(zeroed, "zeroing a buffer's new elements");
    }
    if (!others.empty()) cache->keep_zeroed(others, key);
    return block;
}

Status Pool::zero(const Range& range, RangeStack others, StreamHandle stream) noexcept {
    std::array<CopyPiece, max_together> pieces;
    std::size_t count = 0;
    pieces[count++] = {range.data, nullptr, range.bytes};
    while (!others.empty()) {
        const Range& other = *others.pop();
        pieces[count++] = {other.data, nullptr, other.bytes};
    }
    return device_.copy_on_device(std::span(pieces).first(count), stream);
}

Range* Pool::take_transferred(std::size_t bytes, StreamKey stream, ThreadCache& cache) noexcept {
    if (bytes > largest_rounded_bytes || !cache.has(stream)) return nullptr;
    const RangeStack ranges = transfers_.take(size_class(bytes), stream.id);
    if (ranges.empty()) return nullptr;
    cache.refill(ranges, stream);
    return cache.take(bytes, stream);
}

// See Effort: what may wait is done between the looks, without the lock.
Range* Pool::take(std::size_t bytes, StreamKey stream, ThreadCache* own) {
    open(stream);
    ThreadCache* cache = own;
    if (bytes > largest_rounded_bytes || (cache != nullptr && !open(*cache, stream))) cache = nullptr;
    RangeStack others;
    Range* range = take_with(Effort::look, bytes, stream, own, cache, others);
    if (range == nullptr) {
        flush_caches();
        range = take_with(Effort::grow, bytes, stream, own, cache, others);
    }
    if (range == nullptr) range = take_waiting(bytes, stream, own, cache, others);
    if (!others.empty()) cache->refill(others, stream);
    return range;
}

// A block of a rounded class brings others of its class along for the thread's cache, so that the lock is taken once
// for many. Null where more effort may find one.
Range* Pool::take_with(Effort effort, std::size_t bytes, StreamKey stream, ThreadCache* own, ThreadCache* cache,
                       RangeStack& others) {
    const std::lock_guard lock(mutex_);
    waiting_.open(stream.id);  // it may have been cleared away as one of many
    if (FreeBatch* batch = cache != nullptr ? waiting_.take_uniform(size_class(bytes), stream.id) : nullptr) {
        Range* const range = &batch->ranges.front();
        batch->ranges.pop_front();
        while (!batch->ranges.empty()) {
            others.push(&batch->ranges.front());
            batch->ranges.pop_front();
        }
        records_.put_back(batch);
        hand_out(range);
        return range;
    }
    const bool sparing = own != nullptr && bytes > largest_sparing_bytes && waiting_.one_stream();
    if (effort == Effort::look && sparing) give_up_large(*own, stream);
    Range* range = find_or_order(bytes, stream);
    if (range == nullptr && effort != Effort::look) {
        try {
            grow(effort, bytes, stream);
        } catch (const out_of_memory&) {
            if (effort == Effort::last) throw;
        }
        range = find(bytes, stream.id);
        if (range == nullptr && effort == Effort::last) throw out_of_memory("the device has no memory left");
    }
    if (range == nullptr) return nullptr;
    const std::size_t fit = std::min(range->bytes, max_bytes_together) / bytes;
    const std::size_t count = cache == nullptr ? 1 : std::clamp<std::size_t>(fit, 1, max_together);
    try {
        records_.reserve_ranges(count);
    } catch (const std::bad_alloc&) {  // what was moved side by side for it stays where it is
        if (range->free_in != nullptr) range->slab->memory->note_free(*range);
        throw;
    }
    cut(range, count * bytes);
    for (std::size_t i = count; i > 1; --i) {
        Range* const other = records_.range();
        range->slab->split(range, (i - 1) * bytes, other);
        other->state = RangeState::cached;
        others.push(other);
    }
    hand_out(range);
    return range;
}

void Pool::give_up_large(ThreadCache& cache, StreamKey stream) noexcept {
    const Surplus large = cache.take_large(stream);
    if (large.ranges.empty()) return;
    free_together(large.ranges, large.uniform, waiting_.at(stream.id), stream.handle);
}

void Pool::hand_out(Range* range) noexcept {
    range->state = RangeState::live;
    live_bytes_ += static_cast<std::ptrdiff_t>(range->bytes);
    ++live_blocks_;
}

// The tightest of what waits on this very stream and what is idle; where equal, the stream's own, still warm.
Range* Pool::find(std::size_t bytes, std::uint64_t stream) noexcept {
    Range* const own = waiting_.find(bytes, stream);
    Range* const idle = memory_[zone_of(bytes)].idle().find(bytes);
    if (own == nullptr || idle == nullptr) return own != nullptr ? own : idle;
    return idle->bytes < own->bytes ? idle : own;
}

Range* Pool::find_or_order(std::size_t bytes, StreamKey stream) noexcept {
    PoolMemory& memory = memory_[zone_of(bytes)];
    WaitingStream& place = *waiting_.at(stream.id);
    try {
        memory.send_home(place.loose[memory.zone()]);
        memory.send_home(memory.idle());
    } catch (const std::bad_alloc&) {  // they serve where they are, but not side by side
    }
    if (Range* const range = find(bytes, stream.id)) return range;
    // One stream alone has found what it freed; others may wait for an event.
    if (!waiting_.one_stream()) order_own(stream);
    if (waiting_.loose_bytes_but(&place) > 0 && order_all_pays()) order_all_but(&place);
    waiting_.collect();
    return find(bytes, stream.id);
}

void Pool::grow(Effort effort, std::size_t bytes, StreamKey stream) {
    PoolMemory& memory = memory_[zone_of(bytes)];
    WaitingStream& place = *waiting_.at(stream.id);
    const bool alone = waiting_.one_stream();
    FreeList& free = alone ? place.loose[memory.zone()] : memory.idle();
    const StreamOrder order = alone ? StreamOrder::on(stream.handle) : StreamOrder::after_all();
    if (alone) {
        // What is idle may as well be the stream's own: its pieces are then neighbours of all others.
        while (!memory.idle().ranges().empty()) {
            Range* const range = &*memory.idle().ranges().begin();
            memory.idle().remove(range);
            memory.note_free(*free.insert(range));
        }
        memory.idle().note_away(false);
        if (free.find(bytes) != nullptr) return;
    }
    try {
        return memory.grow(bytes, commit_step, free, order);
    } catch (const out_of_memory&) {  // perhaps the step was too greedy
    }
    try {
        return memory.grow(bytes, 0, free, order);
    } catch (const out_of_memory&) {
        if (effort != Effort::last) throw;
    }
    if (device_.properties().virtual_memory) {  // plain slabs went before, without the lock
        std::vector<std::unique_ptr<Slab>> none;
        for (PoolMemory& each : memory_) each.give_back(none);
    }
    memory.grow(bytes, 0, free, order);
}

// Takes `range` out of where it is listed, with its first `bytes`; the rest stays in the state that it has. There is a
// record for it.
void Pool::cut(Range* range, std::size_t bytes) noexcept {
    Range* const rest = range->bytes > bytes ? records_.range() : nullptr;
    FreeBatch* const batch = range->state == RangeState::waiting ? range->batch : nullptr;
    FreeList* const list = range->free_in;
    batch != nullptr ? waiting_.remove(range) : list->remove(range);
    range->state = RangeState::live;  // before the rest looks at its neighbours to merge with
    if (rest != nullptr) {
        range->slab->split(range, bytes, rest);
        if (batch != nullptr) {
            waiting_.wait_as(rest, batch);
        } else {
            rest->slab->memory->note_free(*list->insert(rest));
        }
    }
    if (batch != nullptr) waiting_.settle(batch);
}

// Makes a place for what is freed on the stream. Throws std::bad_alloc; invalid_argument for one of another device.
void Pool::open(StreamKey stream) {
    {
        const std::lock_guard lock(mutex_);
        if (waiting_.at(stream.id) != waiting_.no_stream()) return;
    }
    StreamState state;
    check(device_.stream_state(stream.handle, state), "asking whose a stream is");
    if (!state.of_this_device) {
        throw invalid_argument("memory was asked for on a stream of another device than device " +
                               std::to_string(device_.properties().ordinal) + ", whose memory it is");
    }
    const std::lock_guard lock(mutex_);
    waiting_.open(stream.id);
}

// Makes a place for the stream in a cache, and one for what comes from there. False for want of memory.
bool Pool::open(ThreadCache& cache, StreamKey stream) noexcept {
    Surplus evicted;
    if (!cache.open(stream, evicted)) return false;
    if (!evicted.ranges.empty()) flush(evicted);
    const std::lock_guard lock(mutex_);
    try {
        waiting_.open(stream.id);
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
Range* Pool::next_of(std::uint32_t user, std::size_t& cursor) const noexcept {
    constexpr std::size_t at_once = 4096;
    for (;;) {
        const std::lock_guard lock(mutex_);
        const std::size_t end = std::min(records_.count(), cursor + at_once);
        while (cursor < end) {
            Range& range = records_.at(cursor++);
            if (range.user.load(std::memory_order_relaxed) == user) return &range;
        }
        if (cursor == records_.count()) return nullptr;
    }
}

// Exact while nobody is in a call; a block that is on its way while this looks may be counted on neither side.
PoolStatistics Pool::statistics() const {
    PoolStatistics found;
    std::ptrdiff_t live_bytes = 0;
    std::ptrdiff_t live_blocks = 0;
    caches_.for_each([&](const ThreadCache& cache) {
        const ThreadCache::Counts counts = cache.counts();
        live_bytes += counts.live_bytes;
        live_blocks += counts.live_blocks;
        found.cached_bytes += counts.cached_bytes;
    });
    found.cached_bytes += transfers_.counts().bytes;
    const std::lock_guard lock(mutex_);
    for (const PoolMemory& memory : memory_) {
        found.reserved_bytes += memory.reserved_bytes();
        found.idle_bytes += memory.idle().bytes();
    }
    found.live_bytes = static_cast<std::size_t>(std::max<std::ptrdiff_t>(live_bytes + live_bytes_, 0));
    found.live_blocks = static_cast<std::size_t>(std::max<std::ptrdiff_t>(live_blocks + live_blocks_, 0));
    found.lost_bytes = waiting_.refused_bytes();
    found.waiting_bytes = waiting_.bytes() - found.lost_bytes;
    return found;
}

}  // namespace triune
