// SPDX-License-Identifier: Apache-2.0
// Blocks that one thread freed and keeps for itself, by stream and size class.
#pragma once

#include <algorithm>
#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <memory>

#include <triune/base/biased_mutex.hpp>
#include <triune/alloc/span/span_stack.hpp>
#include <triune/alloc/span/size_class.hpp>
#include <triune/device/device.hpp>

namespace triune {

// A stream as its owner names it, and the number that no other stream ever has.
struct StreamKey {
    StreamHandle handle = nullptr;
    std::uint64_t id = 0;
};

// Ranges of one stream that leave a cache; all of class `uniform`, where that names one.
struct Surplus {
    RangeStack ranges;
    std::uint64_t stream = 0;
    SizeClass uniform = 0;  // FreeBatch::mixed: of several classes
};

// Note [Thread caches]
// Taking and putting back touch the device once at most and no lock that another thread wants, so they cost tens of
// nanoseconds and no more with many threads. What a thread freed on a stream it hands out on that stream alone, where
// no event is needed; all else goes through the pool, which records one event for many blocks. A free looks its stream
// up by the handle, without asking the device: where the handle has meanwhile become a new stream's, the block lies
// under the old stream's number, which no allocation asks for any more, until the pool takes it under an event of the
// whole device.
//
// For one thread, its owner: any thread may call take_all(), when memory is short, and counts(). `live_*` are what this
// cache handed out less what it took in, also from other threads, so alone they may be negative.
class alignas(64) ThreadCache {
  public:
    // What one thread may keep: a 256th of the device's memory, 64 MiB at least and an eighth at most.
    static constexpr std::size_t share_of(std::size_t device_bytes) noexcept {
        return std::min(std::max(device_bytes / 256, 64 * MiB), device_bytes / 8);
    }
    static constexpr std::size_t most_of_a_class = 128;
    static constexpr std::size_t most_streams = 16;

    explicit ThreadCache(std::size_t most_bytes) noexcept : most_bytes_(most_bytes) {}

    // A range for a block of `bytes`, as block_bytes() gives them, now live; null where there is none.
    Range* take(std::size_t bytes, StreamKey stream) noexcept;
    // Keeps a live range; false where nothing of that handle is kept yet: see open().
    bool put(Range* range, StreamHandle stream) noexcept;
    // Makes place for a stream. Where all places are taken, what the longest unused holds is `evicted`. False where
    // there is no memory for it.
    bool open(StreamKey stream, Surplus& evicted) noexcept;
    // Keeps ranges that are nobody's, where the stream has its place; they leave in the order in which they are on the
    // stack.
    void refill(RangeStack ranges, StreamKey stream) noexcept;

    // The same for ranges that hold zeroes alone, as queued on that stream: take_zeroed() finds them, and take() where
    // there are no others. What is to be zeroed leaves the cache by take_to_zero(), at most so many of the class of
    // `bytes`, and comes back by keep_zeroed() or refill(). The first time that a class is asked for it has none: one
    // block alone is zeroed quicker alone. `bytes` are of a rounded class.
    Range* take_zeroed(std::size_t bytes, StreamKey stream) noexcept;
    RangeStack take_to_zero(std::size_t bytes, StreamKey stream, std::size_t most) noexcept;
    void keep_zeroed(RangeStack ranges, StreamKey stream) noexcept;

    bool has(StreamKey stream) noexcept;
    // Whether the last put() passed a bound; then surplus() brings the cache back under it.
    bool too_full() const noexcept { return too_full_; }
    Surplus surplus(StreamHandle stream) noexcept;
    // Takes what is of no rounded class out of one stream's place.
    Surplus take_large(StreamKey stream) noexcept;
    // Empties one stream's place; false when all are empty.
    bool take_all(Surplus& taken) noexcept;

    struct Counts {
        std::ptrdiff_t live_bytes = 0;
        std::ptrdiff_t live_blocks = 0;
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
        std::array<RangeStack, cached_class_count> stack{};
        std::array<RangeStack, rounded_class_count> zeroed{};  // counted with the others
        std::bitset<rounded_class_count> zeroed_before;
        std::size_t large = 0;  // ranges of the zone of large blocks
    };

    Bins* of(StreamKey stream) noexcept;
    Bins* of(StreamHandle stream) noexcept;
    void push(Bins& bins, Range* range, bool zeroed = false) noexcept;
    Range* pop(Bins& bins, SizeClass index) noexcept;
    Range* hand_out(Bins& bins, Range* range) noexcept;
    Range* pop_fitting(Bins& bins, SizeClass index, std::size_t bytes) noexcept;
    void note_removed(Bins& bins, SizeClass index, const Range& range) noexcept;
    void empty(Bins& bins, Surplus& taken, std::size_t down_to) noexcept;

    const std::size_t most_bytes_;
    mutable BiasedMutex mutex_;
    bool too_full_ = false;  // the owner's alone
    Bins* last_ = nullptr;
    std::uint64_t clock_ = 0;
    Counts counts_;
    std::array<std::unique_ptr<Bins>, most_streams> bins_;
};

}  // namespace triune
