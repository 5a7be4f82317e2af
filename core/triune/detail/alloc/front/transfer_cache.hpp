// SPDX-License-Identifier: Apache-2.0
// Blocks on their way from the threads that free them to the threads that allocate, by stream and size class.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

#include <triune/detail/alloc/front/thread_cache.hpp>

namespace triune {

// Note [Transfer cache]
// Where one thread allocates on a stream what another frees there, the one's cache is always empty and the other's
// always full. What a cache has too much of goes here, half a class at a time, and whoever allocates on that stream
// takes it from here: without the pool's lock, and without an event, since the stream stays the same. Streams have
// places of their own, so threads that work on different streams seldom meet. What finds no place goes to the pool.
//
// Thread-safe.
class TransferCache {
  public:
    static constexpr std::size_t place_count = 64;
    static constexpr std::size_t max_batches = 16;  // in one place
    // What one place may keep, of what one thread may.
    static constexpr std::size_t share_of(std::size_t thread_cache_bytes) noexcept {
        return std::min(4 * MiB, thread_cache_bytes / 16);
    }

    explicit TransferCache(std::size_t max_bytes_each) noexcept : max_bytes_each_(max_bytes_each) {}

    // Keeps spans of one rounded class. False where its stream's place is full. What another stream has left in
    // that place may have to make room for it: it is `evicted`, and its stream may be gone.
    bool put(const SpanBatch& batch, SpanBatch& evicted) noexcept;
    // Spans of that class that the stream may use at once; none where there are none.
    SpanStack acquire(SizeClass size, std::uint64_t stream) noexcept;
    // Empties one place; false when all are empty.
    bool flush(SpanBatch& flushed) noexcept;

    struct Counts {
        std::size_t bytes = 0;
        std::size_t blocks = 0;
    };
    Counts counts() const noexcept;

    // See ForkGuard.
    void lock_for_fork() noexcept;
    void unlock_after_fork() noexcept;

  private:
    struct Batch {
        SpanBatch batch;
        Counts counts;
    };

    // Oldest first.
    struct alignas(64) Place {
        mutable std::atomic_flag locked = ATOMIC_FLAG_INIT;
        std::size_t used = 0;
        std::size_t bytes = 0;
        std::array<Batch, max_batches> batches;

        SpanBatch remove(std::size_t index) noexcept;
    };

    Place& of(std::uint64_t stream) noexcept { return places_[stream % place_count]; }

    const std::size_t max_bytes_each_;
    std::array<Place, place_count> places_;
};

}  // namespace triune
