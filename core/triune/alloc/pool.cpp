// SPDX-License-Identifier: Apache-2.0
#include <triune/alloc/pool.hpp>

#include <algorithm>
#include <new>
#include <span>
#include <string>
#include <utility>

#include <triune/base/error.hpp>
#include <triune/base/units.hpp>

namespace triune {
namespace {

Block block_of(Range* range) noexcept { return {range->data, range->bytes, range}; }

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
      caches_(ThreadCache::share_of(device_.properties().total_bytes)),
      transfers_(TransferCache::share_of(ThreadCache::share_of(device_.properties().total_bytes))) {}

Pool::~Pool() { report_teardown(device_.synchronize(), "waiting for the device before its pool goes"); }

StreamKey Pool::key_of(StreamHandle stream) const {
    StreamKey key{stream, 0};
    const Status status = device_.stream_id(stream, key.id);
    if (!status.ok()) refuse(status);
    return key;
}

void Pool::refuse(Status unknown_stream) {
    const int error = unknown_stream.cuda_error;
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
    ThreadCache* const cache = size <= largest_cached_bytes ? caches_.own() : nullptr;
    return block_of(obtain(size, key, cache));
}

Block Pool::allocate_zeroed(std::size_t bytes, StreamHandle stream) {
    if (bytes == 0) return {};
    const std::size_t size = size_of(bytes);
    const StreamKey key = key_of(stream);
    ThreadCache* const cache = size <= largest_cached_bytes ? caches_.own() : nullptr;
    const bool ahead = cache != nullptr && size <= largest_rounded_bytes;
    if (Range* const range = ahead ? cache->take_zeroed(size, key) : nullptr) return block_of(range);
    Range* const range = obtain(size, key, cache);
    const std::size_t most = std::min(most_together, most_bytes_together / size);
    const RangeStack others = ahead ? cache->take_to_zero(size, key, most - 1) : RangeStack{};
    const Status zeroed = zero(*range, others, stream);
    if (!zeroed.ok()) {
        if (!others.empty()) cache->refill(others, key);
        deallocate(block_of(range), StreamOrder::on(stream));
        check(zeroed, "zeroing a buffer's new elements");
    }
    if (!others.empty()) cache->keep_zeroed(others, key);
    return block_of(range);
}

Status Pool::zero(const Range& range, RangeStack others, StreamHandle stream) noexcept {
    if (others.empty()) return device_.fill(range.data, 0, 1, range.bytes, stream);
    std::array<CopyPiece, most_together> pieces;
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

// A block of a rounded class brings others of its class along for the thread's cache, so that the lock is taken once
// for many.
Range* Pool::take(std::size_t bytes, StreamKey stream, ThreadCache* own) {
    ThreadCache* cache = own;
    if (bytes > largest_rounded_bytes || (cache != nullptr && !open(*cache, stream))) cache = nullptr;
    RangeStack others;
    Range* range = nullptr;
    {
        const std::lock_guard lock(mutex_);
        records_.reserve_ranges(most_together + 1);
        waiting_.open(stream.id);
        if (FreeBatch* batch = cache != nullptr ? waiting_.take_uniform(size_class(bytes), stream.id) : nullptr) {
            range = &batch->ranges.front();
            batch->ranges.pop_front();
            while (!batch->ranges.empty()) {
                others.push(&batch->ranges.front());
                batch->ranges.pop_front();
            }
            records_.put_back(batch);
        } else {
            if (own != nullptr && bytes > largest_sparing_bytes && waiting_.one_stream()) give_up_large(*own, stream);
            range = find_or_grow(bytes, stream.id);
            const std::size_t fit = std::min(range->bytes, most_bytes_together) / bytes;
            const std::size_t count = cache == nullptr ? 1 : std::clamp<std::size_t>(fit, 1, most_together);
            cut(range, count * bytes);
            for (std::size_t i = count; i > 1; --i) {
                Range* const other = records_.range();
                range->slab->split(range, (i - 1) * bytes, other);
                other->state = RangeState::cached;
                others.push(other);
            }
        }
        hand_out(range);
    }
    if (!others.empty()) cache->refill(others, stream);
    return range;
}

void Pool::give_up_large(ThreadCache& cache, StreamKey stream) noexcept {
    const Surplus large = cache.take_large(stream);
    if (large.ranges.empty()) return;
    free_together(large.ranges, large.uniform, waiting_.at(stream.id), StreamOrder::on(stream.handle));
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

Range* Pool::find_or_grow(std::size_t bytes, std::uint64_t stream) {
    WaitingStream& place = *waiting_.at(stream);
    PoolMemory& memory = memory_[zone_of(bytes)];
    if (memory.any_away()) memory.send_home(waiting_.one_stream() ? place.loose[memory.zone()] : memory.idle());
    if (Range* const range = find(bytes, stream)) return range;
    if (!waiting_.one_stream()) {  // one stream alone has found what it freed; others may wait for an event
        fence();
        waiting_.collect();
        if (Range* const range = find(bytes, stream)) return range;
    }
    flush_caches();
    waiting_.collect();
    if (Range* const range = find(bytes, stream)) return range;
    grow(bytes, place);
    return find(bytes, stream);
}

// Where the device has no memory left, what frees still wait for is waited for, so that its memory can serve.
void Pool::grow(std::size_t bytes, WaitingStream& stream) {
    PoolMemory& memory = memory_[zone_of(bytes)];
    FreeList& free = waiting_.one_stream() ? stream.loose[memory.zone()] : memory.idle();
    if (&free != &memory.idle()) {
        // With one stream alone, what is idle may as well be its own: its pieces are then neighbours of all others.
        while (!memory.idle().ranges().empty()) {
            Range* const range = &*memory.idle().ranges().begin();
            memory.idle().remove(range);
            memory.note_free(*free.insert(range));
        }
        if (free.find(bytes) != nullptr) return;
    }
    try {
        return memory.grow(bytes, commit_step, free);
    } catch (const out_of_memory&) {  // perhaps the step was too greedy
    }
    try {
        return memory.grow(bytes, 0, free);
    } catch (const out_of_memory&) {
    }
    fence();
    waiting_.wait();
    if (memory.idle().find(bytes) != nullptr) return;
    give_back();
    memory.grow(bytes, 0, memory.idle());
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
            list->insert(rest);
        }
    }
    if (batch != nullptr) waiting_.settle(batch);
}

void Pool::deallocate(Block block, StreamOrder order) noexcept {
    Range* const range = block.range;
    if (range == nullptr) return;
    if (poisons_) poison(*range, order);
    const bool cacheable = order.names_stream() && range->bytes <= largest_cached_bytes;
    ThreadCache* const cache = cacheable ? caches_.own() : nullptr;
    if (cache != nullptr && cache->put(range, order.stream())) return relieve(*cache, order.stream());
    StreamKey key{order.stream(), 0};
    const bool known = order.names_stream() && device_.stream_id(key.handle, key.id).ok();
    if (known && cache != nullptr && open(*cache, key) && cache->put(range, key.handle))
        return relieve(*cache, key.handle);
    RangeStack alone;
    const std::lock_guard lock(mutex_);
    live_bytes_ -= static_cast<std::ptrdiff_t>(range->bytes);
    --live_blocks_;
    alone.push(range);
    free_together(alone, FreeBatch::mixed, known ? waiting_.at(key.id) : waiting_.no_stream(),
                  known ? order : StreamOrder::after_all());
}

// Makes a place for the stream in a cache, and one for what comes from there. False for want of memory.
bool Pool::open(ThreadCache& cache, StreamKey stream) noexcept {
    Surplus evicted;
    if (!cache.open(stream, evicted)) return false;
    if (!evicted.ranges.empty()) flush(evicted, StreamOrder::after_all());
    const std::lock_guard lock(mutex_);
    try {
        waiting_.open(stream.id);
    } catch (const std::bad_alloc&) {  // what is freed there will serve again a little later
    }
    return true;
}

// Brings a cache back under its bounds. The caller vouches for the stream, but it may be a new one under an old handle.
void Pool::relieve(ThreadCache& cache, StreamHandle stream) noexcept {
    if (!cache.too_full()) return;
    const Surplus surplus = cache.surplus(stream);
    if (surplus.ranges.empty()) return;
    std::uint64_t id = 0;
    const bool same = device_.stream_id(stream, id).ok() && id == surplus.stream;
    Surplus evicted;
    if (!same || surplus.uniform == FreeBatch::mixed || !transfers_.put(surplus, evicted))
        return flush(surplus, same ? StreamOrder::on(stream) : StreamOrder::after_all());
    if (!evicted.ranges.empty()) flush(evicted, StreamOrder::after_all());
}

void Pool::flush(Surplus surplus, StreamOrder order) noexcept {
    const std::lock_guard lock(mutex_);
    free_together(surplus.ranges, surplus.uniform, waiting_.at(surplus.stream), order);
}

void Pool::flush_caches() noexcept {
    const auto empty = [&](auto& cache) {
        for (Surplus taken; cache.take_all(taken); taken = {}) {
            free_together(taken.ranges, taken.uniform, waiting_.at(taken.stream), StreamOrder::after_all());
        }
    };
    caches_.for_each(empty);
    empty(transfers_);
}

// Makes the ranges wait for the work queued by now, in `order`; on `stream` they may be used again at once. As long as
// the stream is alone no event is recorded yet: see Note [One stream alone].
void Pool::free_together(RangeStack ranges, SizeClass uniform, WaitingStream* stream, StreamOrder order) noexcept {
    const bool loose = uniform == FreeBatch::mixed && stream != waiting_.no_stream() && waiting_.one_stream();
    if (!loose) return wait_together(ranges, uniform, stream, order);
    while (!ranges.empty()) waiting_.keep_loose(ranges.pop(), stream);
}

// What is loose on a stream waits for an event from now on, and then serves all. The stream itself may be gone: the
// event is one of the whole device.
void Pool::fence() noexcept {
    for (auto loose = waiting_.loosen(); !loose.ranges.empty(); loose = waiting_.loosen())
        wait_together(loose.ranges, FreeBatch::mixed, loose.stream, StreamOrder::after_all());
}

// Where the work can neither be recorded nor waited for, the ranges are lost.
void Pool::wait_together(RangeStack ranges, SizeClass uniform, WaitingStream* stream, StreamOrder order) noexcept {
    FreeBatch* const batch = records_.batch();
    const bool recorded = record(*batch, order);
    const Status waited = recorded ? success : device_.synchronize();
    report_teardown(waited, "waiting for the device because a free could not be ordered");
    while (!ranges.empty()) {
        Range* const range = ranges.pop();
        if (recorded) {
            batch->ranges.push_back(*range);
        } else if (waited.ok()) {
            range->slab->memory->put_idle(range);
        } else {
            range->state = RangeState::lost;
            lost_bytes_ += range->bytes;
        }
    }
    if (!recorded) return records_.put_back(batch);
    batch->uniform = uniform;
    waiting_.add(batch, stream);
}

bool Pool::record(FreeBatch& batch, StreamOrder order) noexcept {
    if (!order.names_stream() && !device_.properties().device_events) return false;
    if (batch.event == nullptr && !device_.event_create(batch.event).ok()) return false;
    return order.names_stream() ? device_.event_record(batch.event, order.stream()).ok()
                                : device_.event_record_device(batch.event).ok();
}

// A use after free then shows as nonsense on the simulated device. Only the head, so that big buffers stay cheap.
void Pool::poison(const Range& range, StreamOrder order) noexcept {
    constexpr std::size_t head = 64 * KiB;
    if (!order.names_stream()) return;
    const Status filled = device_.fill(range.data, 0xDB, 1, std::min(range.bytes, head), order.stream());
    static_cast<void>(filled);  // only a diagnostic: nothing depends on it
}

std::size_t Pool::trim() noexcept {
    const std::lock_guard lock(mutex_);
    flush_caches();
    fence();
    waiting_.collect();
    return give_back();
}

std::size_t Pool::trim_all() noexcept {
    const std::lock_guard lock(mutex_);
    flush_caches();
    fence();
    waiting_.wait();
    return give_back();
}

std::size_t Pool::give_back() noexcept {
    std::size_t bytes = 0;
    for (PoolMemory& memory : memory_) bytes += memory.give_back();
    return bytes;
}

PoolStatistics Pool::statistics() const {
    const std::lock_guard lock(mutex_);
    PoolStatistics found;
    std::ptrdiff_t live_bytes = live_bytes_;
    std::ptrdiff_t live_blocks = live_blocks_;
    caches_.for_each([&](const ThreadCache& cache) {
        const ThreadCache::Counts counts = cache.counts();
        live_bytes += counts.live_bytes;
        live_blocks += counts.live_blocks;
        found.cached_bytes += counts.cached_bytes;
    });
    found.cached_bytes += transfers_.counts().bytes;
    for (const PoolMemory& memory : memory_) {
        found.reserved_bytes += memory.reserved_bytes();
        found.idle_bytes += memory.idle().bytes();
    }
    found.live_bytes = static_cast<std::size_t>(live_bytes);
    found.live_blocks = static_cast<std::size_t>(live_blocks);
    found.waiting_bytes = waiting_.bytes();
    found.lost_bytes = lost_bytes_;
    return found;
}

}  // namespace triune
