// The stream-ordered allocator of device memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

#include <triune/alloc/block.hpp>
#include <triune/alloc/event_pool.hpp>
#include <triune/alloc/range.hpp>
#include <triune/alloc/slab.hpp>
#include <triune/device/device.hpp>
#include <triune/device/stream_order.hpp>

namespace triune {

// Bytes that the pool has from the device, by what they are used for; their sum is `reserved_bytes`.
struct PoolStatistics {
    std::size_t reserved_bytes = 0;
    std::size_t live_bytes = 0;
    std::size_t waiting_bytes = 0;  // freed, but work queued before the free may still use them
    std::size_t idle_bytes = 0;
    std::size_t lost_bytes = 0;  // their free could not be ordered, see RangeState::lost
    std::size_t live_blocks = 0;
};

// Memory freed on a stream is reused on that stream at once, elsewhere only after an event. Memory freed without a
// stream is reused only after all work queued on the device by then. Thread-safe. The device outlives the pool;
// destroying the pool waits for the device and takes live blocks back too.
class Pool {
  public:
    // The pool asks the device for at least so much at a time: creating physical memory costs by the chunk.
    static constexpr std::size_t commit_step = std::size_t{32} << 20;

    explicit Pool(Device& device);
    Pool(const Pool&) = delete;
    Pool& operator=(const Pool&) = delete;
    ~Pool();

    // Memory for work on `stream`; not initialised. Throws out_of_memory, invalid_argument for a stream that the device
    // does not know, device_error.
    Block allocate(std::size_t bytes, StreamHandle stream);
    // Never allocates. A failure to order the free is logged and the memory is never handed out again.
    void deallocate(Block block, StreamOrder order) noexcept;

    // Gives idle physical memory back to the device; answers how many bytes. Waits for nothing.
    std::size_t trim() noexcept;
    // trim() after waiting for the work that freed memory waits for.
    std::size_t trim_all() noexcept;

    PoolStatistics statistics() const;
    // Walks every record; throws std::logic_error where two disagree. For tests.
    void check_invariants() const;

    Device& device() const noexcept { return device_; }

  private:
    struct StreamRanges {
        RangesBySize by_size;
        RangeQueue oldest_first;
    };
    // Ranges freed without a stream wait under this key; stream ids start above it.
    static constexpr std::uint64_t no_stream = ~std::uint64_t{0};

    std::uint64_t stream_id(StreamHandle stream) const;
    Range* find(std::size_t bytes, std::uint64_t stream) noexcept;
    Block hand_out(Range* range, std::size_t bytes, EventHandle event, std::unique_ptr<Range> remainder,
                   StreamHandle stream) noexcept;
    void collect() noexcept;
    void wait_for_frees() noexcept;
    void become_idle(Range* range) noexcept;
    void absorb_next(Range* range) noexcept;
    bool order_free(Range* range, StreamOrder order) noexcept;
    void grow(std::size_t bytes);
    void append(Slab& slab, std::size_t bytes, std::unique_ptr<Range> record) noexcept;
    void grow_arena(std::size_t bytes, std::size_t step);
    void add_plain_slab(std::size_t bytes);
    std::size_t trim_locked() noexcept;
    void poison(Range* range, StreamOrder order) noexcept;

    Device& device_;
    mutable std::mutex mutex_;
    EventPool events_;
    std::vector<std::unique_ptr<Slab>> slabs_;
    RangesBySize idle_;
    std::unordered_map<std::uint64_t, std::unique_ptr<StreamRanges>> waiting_;
    PoolStatistics statistics_;
};

}  // namespace triune
