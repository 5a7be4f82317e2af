// SPDX-License-Identifier: Apache-2.0
// The stream-ordered allocator of device memory.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>

#include <triune/base/units.hpp>
#include <triune/detail/alloc/central/pending_frees.hpp>
#include <triune/detail/alloc/device_memory/chunk_pool.hpp>
#include <triune/detail/alloc/front/thread_cache.hpp>
#include <triune/detail/alloc/front/transfer_cache.hpp>
#include <triune/detail/alloc/mapping/page_heap.hpp>
#include <triune/detail/alloc/span/block.hpp>
#include <triune/detail/alloc/span/span_store.hpp>
#include <triune/detail/base/fork_guard.hpp>
#include <triune/detail/base/mutex.hpp>
#include <triune/detail/base/thread_owned.hpp>
#include <triune/device/device.hpp>
#include <triune/device/stream_order.hpp>

namespace triune {

// Bytes that the pool has from the device, by the states of its spans; their sum is `reserved_bytes`.
struct PoolStatistics {
    std::size_t reserved_bytes = 0;
    std::size_t live_bytes = 0;     // allocated
    std::size_t cached_bytes = 0;   // kept for a stream, by a thread or between threads
    std::size_t waiting_bytes = 0;  // pending free: work queued before the free may still use them
    std::size_t idle_bytes = 0;     // free
    std::size_t lost_bytes = 0;     // pending free, but their order could not be recorded yet: it is tried again
    std::size_t live_blocks = 0;
};

class PoolVisitor;

// Note [Pre-zeroed blocks]
// A call that zeroes takes the caller twenty times as long as a block of the cache. So where zeroed blocks of a class
// are asked for again and again, one call zeroes with the block others that the thread keeps for the stream, and those
// are handed out without a call. What is freed goes to the others, so no block is taken for zero that anybody had.
//
// Memory freed on a stream is reused on that stream at once, elsewhere only after an event. Memory freed without a
// stream is reused only after all work queued on the device by then. Thread-safe. The chunks' pool and its device
// outlive this one; destroying it waits for the device and releases allocated blocks too.
//
// Nothing waits under the pool's lock, and no other thread's cache is looked at under it: a call on a stream waits for
// no other stream's work, unless the device has no memory left. Then queued work is waited for, so long at most; see
// max_wait().
//
// Four places, asked in this order: the calling thread's cache (see Note [Thread caches]); what other threads' caches
// had too much of (see Note [Transfer cache]); what is the stream's own (see Note [One stream alone]) and what is free,
// under the pool's lock, tightest fit first; more memory, contiguous in an alias or new (see Note [Moving free
// memory]).
class Pool {
  public:
    // The pool asks the device for at least so much at a time: creating and mapping physical memory cost by the chunk.
    // More would be quicker to begin with; the peaks of recorded programs (docs/measurements/) say not to.
    static constexpr std::size_t commit_step = 4 * MiB;

    explicit Pool(ChunkPool& chunks);
    Pool(const Pool&) = delete;
    Pool& operator=(const Pool&) = delete;
    ~Pool();

    // Memory for work on `stream`; not initialised. Throws out_of_memory, invalid_argument for a stream that the device
    // does not know, device_error; that too for one whose work is being captured into a graph, which might run again
    // when the memory is another's. A stream of another device is refused as one that is not known.
    Block allocate(std::size_t bytes, StreamHandle stream);
    // The same, the bytes zeroed in the order of the stream: see Note [Pre-zeroed blocks].
    Block allocate_zeroed(std::size_t bytes, StreamHandle stream);
    // Does not depend on the host's memory. Where the free cannot be ordered just now, as in a host function or while
    // the stream captures a graph, that is tried again when memory is wanted.
    void deallocate(Block block, StreamOrder order) noexcept;

    // Gives free physical memory back to the device; answers how many bytes. Waits for nothing, unless the device has no
    // virtual memory: there releasing waits for all queued work, as cudaFree does.
    std::size_t trim() noexcept;
    // trim() after waiting for the work that freed memory waits for, so long at most.
    std::size_t trim_all() noexcept;
    // How long a call waits for queued work where the device has no memory left: a kernel that never ends shall not
    // hold it for ever. 10 s, or TRIUNE_MEMORY_WAIT_SECONDS.
    static std::chrono::nanoseconds max_wait() noexcept;

    // Of the blocks that `user` finds by their addresses the next from `cursor` on, which begins at 0 and moves behind
    // it; null when there is none. Looks at every record that the pool has, so it is for what is left at an end.
    Span* next_of(std::uint32_t user, std::size_t& cursor) const noexcept;

    PoolStatistics statistics() const;
    // All that the pool has, spans and aliases of one moment. Throws what `visitor` does.
    void show(PoolVisitor& visitor) const;
    // Walks every record; throws std::logic_error where two disagree. For tests, while no other thread uses the pool.
    void check_invariants() const;

    Device& device() const noexcept { return device_; }

  private:
    // A thread that wants a block bigger than this, and has none, gives up all large ones that it keeps on a stream
    // that is alone: with what lies beside them they may serve better, and no place depends on what happened to be
    // kept.
    static constexpr std::size_t largest_sparing_bytes = 4 * MiB;
    // Of blocks of a rounded class so many are cut at a time, or zeroed, within so many bytes.
    static constexpr std::size_t max_together = 32;
    static constexpr std::size_t max_bytes_together = 256 * KiB;
    // Where a device event may harm a capture, it is recorded when so large a part of the device waits for it.
    static constexpr std::size_t unordered_divisor = 64;

    using Clock = std::chrono::steady_clock;

    // What is done for a block, in turn.
    enum class Effort { look, grow, last };

    ThreadCache* own_cache(std::size_t bytes) noexcept {
        return bytes <= largest_cached_bytes ? caches_.own(max_cache_bytes_) : nullptr;
    }
    StreamKey key_of(StreamHandle stream) const;
    bool knows(StreamHandle stream, StreamKey& key) const noexcept;
    Span* acquire(std::size_t bytes, StreamKey stream, ThreadCache* cache);
    Status zero(const Span& span, SpanStack others, StreamHandle stream) noexcept;
    [[noreturn]] static void refuse(Status unknown_stream);
    Span* acquire_central(std::size_t bytes, StreamKey stream, ThreadCache* own);
    Span* acquire_with(Effort effort, std::size_t bytes, StreamKey stream, ThreadCache* own, ThreadCache* cache,
                       SpanStack& others);
    Span* acquire_transferred(std::size_t bytes, StreamKey stream, ThreadCache& cache) noexcept;
    void flush_large(ThreadCache& cache, StreamKey stream) noexcept;
    Span* find(std::size_t bytes, std::uint64_t stream) noexcept;
    Span* find_or_order(std::size_t bytes, StreamKey stream) noexcept;
    void grow(Effort effort, std::size_t bytes, StreamKey stream);
    void cut(Span* span, std::size_t bytes) noexcept;
    void mark_allocated(Span* span) noexcept;

    void open(StreamKey stream);
    bool open(ThreadCache& cache, StreamKey stream) noexcept;
    void flush_excess(ThreadCache& cache, StreamHandle stream) noexcept;
    std::size_t flush(SpanBatch batch) noexcept;
    void flush_on(SpanBatch batch, StreamHandle stream) noexcept;
    void flush_caches() noexcept;
    bool flush_pays(HeapKind heap) noexcept;
    std::size_t reserved_bytes() const noexcept;  // under the lock
    void free_together(SpanStack spans, SizeClass uniform, PendingStream* stream, StreamHandle handle) noexcept;
    bool wait_together(SpanStack spans, SizeClass uniform, PendingStream* stream, StreamOrder order) noexcept;
    void order_own(StreamKey stream) noexcept;
    bool order_all_but(const PendingStream* own) noexcept;
    bool order_all_pays() noexcept;
    std::size_t trim_heaps() noexcept;
    Span* acquire_after_waiting(std::size_t bytes, StreamKey stream, ThreadCache* own, ThreadCache* cache,
                                SpanStack& others);
    void order_everything(const StreamKey* vouched) noexcept;
    bool wait_for_an_event(Clock::time_point end) noexcept;
    void wait_for_device(Clock::time_point end) noexcept;
    std::size_t pending_bytes() const noexcept;
    void poison(const Span& span, StreamOrder order) noexcept;

    friend class ForkGuard;
    void lock_for_fork() noexcept;
    void unlock_after_fork() noexcept;

    Device& device_;
    const bool poisons_;  // what is freed, where the host can read it
    mutable Mutex mutex_;
    SpanStore records_;
    std::array<PageHeap, heap_count> heaps_;
    PendingFrees pending_;
    const std::size_t max_cache_bytes_;  // of a thread
    ThreadOwned<ThreadCache> caches_;
    TransferCache transfers_;
    // The last time that all caches were emptied: what they had, and what the pool held.
    struct Flush {
        std::size_t bytes = 0;
        std::size_t reserved_bytes = 0;
    };
    Flush last_flush_;
    // What was handed out here less what came back here; the caches count their own.
    std::ptrdiff_t allocated_bytes_ = 0;
    std::ptrdiff_t allocated_blocks_ = 0;
    // Waits for the whole device, which set freed memory aside meanwhile.
    std::atomic<std::uint32_t> device_waits_begun_{0};
    std::atomic<std::uint32_t> device_waits_ended_{0};
    ForkGuard fork_guard_{ForkGuard::Rank::central, *this};
};

}  // namespace triune
