// SPDX-License-Identifier: Apache-2.0
// Blocks that one thread freed and keeps for itself, by stream and size class.
#pragma once

#include <algorithm>
#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <memory>

#include <triune/detail/alloc/span/size_class.hpp>
#include <triune/detail/alloc/span/span_stack.hpp>
#include <triune/detail/base/biased_mutex.hpp>
#include <triune/device/device.hpp>

namespace triune {

// A stream as its owner names it, and the number that no other stream ever has.
struct StreamKey {
    StreamHandle handle = nullptr;
    std::uint64_t id = 0;
};

// Spans of one stream that leave a cache; all of class `uniform`, where that names one.
struct SpanBatch {
    SpanStack spans;
    std::uint64_t stream = 0;
    SizeClass uniform = 0;  // FreeBatch::mixed: of several classes
};

// Note [Thread caches]
// Acquiring and releasing touch the device once at most and no lock that another thread wants, so they cost tens of
// nanoseconds and no more with many threads. What a thread freed on a stream it hands out on that stream alone, where
// no event is needed; all else goes through the pool, which records one event for many blocks. A free looks its stream
// up by the handle, without asking the device: where the handle has meanwhile become a new stream's, the block lies
// under the old stream's number, which no allocation asks for any more, until the pool orders it by an event of the
// whole device.
//
// For one thread, its owner: any thread may call flush(), when memory is short, and counts(). `allocated_*` are what
// this cache handed out less what it took in, also from other threads, so alone they may be negative.
class alignas(64) ThreadCache {
  public:
    // What one thread may keep: a 256th of the device's memory, 64 MiB at least and an eighth at most.
    static constexpr std::size_t share_of(std::size_t device_bytes) noexcept {
        return std::min(std::max(device_bytes / 256, 64 * MiB), device_bytes / 8);
    }
    static constexpr std::size_t max_of_a_class = 128;
    static constexpr std::size_t max_streams = 16;

    explicit ThreadCache(std::size_t max_bytes) noexcept : max_bytes_(max_bytes) {}

    // A span for a block of `bytes`, as block_bytes() gives them, now allocated; null where there is none.
    Span* acquire(std::size_t bytes, StreamKey stream) noexcept;
    // Keeps an allocated span; false where nothing of that handle is kept yet: see open().
    bool put(Span* span, StreamHandle stream) noexcept;
    // Makes place for a stream. Where all places are in use, what the longest unused holds is `evicted`. False where
    // there is no memory for it.
    bool open(StreamKey stream, SpanBatch& evicted) noexcept;
    // Keeps spans that are nobody's, where the stream has its place; they leave in the order in which they are on the
    // stack.
    void refill(SpanStack spans, StreamKey stream) noexcept;

    // The same for spans that hold zeroes alone, as queued on that stream: acquire_zeroed() finds them, and acquire()
    // where there are no others. What is to be zeroed leaves the cache by acquire_to_zero(), at most so many of the
    // class of `bytes`, and comes back by keep_zeroed() or refill(). The first time that a class is asked for it has
    // none: one block alone is zeroed quicker alone. `bytes` are of a rounded class.
    Span* acquire_zeroed(std::size_t bytes, StreamKey stream) noexcept;
    SpanStack acquire_to_zero(std::size_t bytes, StreamKey stream, std::size_t max) noexcept;
    void keep_zeroed(SpanStack spans, StreamKey stream) noexcept;

    bool has(StreamKey stream) noexcept;
    // Whether the last put() passed a bound; then flush_excess() brings the cache back under it.
    bool too_full() const noexcept { return too_full_; }
    SpanBatch flush_excess(StreamHandle stream) noexcept;
    // Takes what is of no rounded class out of one stream's place.
    SpanBatch flush_large(StreamKey stream) noexcept;
    // Empties one stream's place; false when all are empty.
    bool flush(SpanBatch& flushed) noexcept;

    struct Counts {
        std::ptrdiff_t allocated_bytes = 0;
        std::ptrdiff_t allocated_blocks = 0;
        std::size_t cached_bytes = 0;
        std::size_t cached_blocks = 0;
    };
    Counts counts() const noexcept;

    // See ForkGuard.
    void lock_for_fork() noexcept { mutex_.lock_as_revoker(); }
    void unlock_after_fork() noexcept { mutex_.unlock_as_revoker(); }

  private:
    struct Bins {
        StreamKey stream;
        bool dead = false;  // its handle is another stream's by now
        std::uint64_t used = 0;
        std::size_t bytes = 0;
        std::array<std::uint32_t, cached_class_count> count{};
        std::array<SpanStack, cached_class_count> stack{};
        std::array<SpanStack, rounded_class_count> zeroed{};  // counted with the others
        std::bitset<rounded_class_count> zeroed_before;
        std::size_t large = 0;  // spans of the page heap of large blocks
    };

    Bins* of(StreamKey stream) noexcept;
    Bins* of(StreamHandle stream) noexcept;
    void push(Bins& bins, Span* span, bool zeroed = false) noexcept;
    Span* pop(Bins& bins, SizeClass index) noexcept;
    Span* mark_allocated(Bins& bins, Span* span) noexcept;
    Span* pop_fitting(Bins& bins, SizeClass index, std::size_t bytes) noexcept;
    void note_removed(Bins& bins, SizeClass index, const Span& span) noexcept;
    void empty(Bins& bins, SpanBatch& flushed, std::size_t down_to) noexcept;

    const std::size_t max_bytes_;
    mutable BiasedMutex mutex_;
    bool too_full_ = false;  // the owner's alone
    Bins* last_ = nullptr;
    std::uint64_t clock_ = 0;
    Counts counts_;
    std::array<std::unique_ptr<Bins>, max_streams> bins_;
};

}  // namespace triune
