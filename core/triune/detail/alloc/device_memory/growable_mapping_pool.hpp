// SPDX-License-Identifier: Apache-2.0
// Growable mappings that buffers are done with: kept mapped until another buffer wants just such a one.
#pragma once

#include <boost/intrusive/list.hpp>
#include <chrono>
#include <cstddef>
#include <memory>

#include <triune/base/units.hpp>
#include <triune/detail/alloc/device_memory/growable_mapping.hpp>
#include <triune/detail/base/fork_guard.hpp>
#include <triune/detail/base/mutex.hpp>
#include <triune/device/stream_order.hpp>

namespace triune {

// A growable mapping together with what releasing it needs, made when the mapping is, so that releasing it cannot fail
// for want of memory.
struct PooledMapping {
    PooledMapping(ChunkPool& chunks, std::size_t reserve_bytes);
    PooledMapping(const PooledMapping&) = delete;
    PooledMapping& operator=(const PooledMapping&) = delete;
    ~PooledMapping();

    Device& device;
    GrowableMapping mapping;
    EventHandle event = nullptr;
    bool ordered = false;  // the event is recorded behind its last use
    boost::intrusive::list_member_hook<> queue;
};

// Note [Growable mappings for reuse]
// Mapping costs tens of microseconds a buffer, unmapping as much again and giving physical memory back ten times that;
// and unmapping under a running kernel is a fault, and cannot be ordered on a stream. So one that is released waits for
// an event, and then for a buffer of its size: programs make the same buffers again and again. What is kept beyond a
// bound goes, oldest first. All this happens in the calls that make and free mapped buffers, a bounded part in
// each, so that none of them pays for many others.
//
// Thread-safe. The chunks' pool must outlive this one.
class GrowableMappingPool {
  public:
    // What is kept of a device with so much memory.
    static constexpr std::size_t share_of(std::size_t device_bytes) noexcept { return device_bytes / 16; }
    explicit GrowableMappingPool(ChunkPool& chunks) noexcept
        : GrowableMappingPool(chunks, share_of(chunks.device().properties().total_bytes)) {}
    // Growable mappings that nothing uses are kept up to `max_free_bytes` of mapped memory in all.
    GrowableMappingPool(ChunkPool& chunks, std::size_t max_free_bytes) noexcept
        : chunks_(chunks), max_free_bytes_(max_free_bytes) {}
    GrowableMappingPool(const GrowableMappingPool&) = delete;
    GrowableMappingPool& operator=(const GrowableMappingPool&) = delete;
    // Waits for the work that is left.
    ~GrowableMappingPool();

    // At least `reserve_bytes` addresses with at least the first `commit_bytes` mapped, not initialised: a mapping that
    // was released, where it has not much more than that mapped, or a new one. Waits for nothing. Throws as
    // GrowableMapping does.
    std::unique_ptr<PooledMapping> acquire(std::size_t reserve_bytes, std::size_t commit_bytes);
    // `mapping` is free once the work queued by now is done: on the stream that `order` names, or on all. Where that
    // cannot be recorded just now it is tried again, see Note [Freed without a stream].
    void release(std::unique_ptr<PooledMapping> mapping, StreamOrder order) noexcept;
    // Gives the device what no work uses any more, without waiting.
    void trim() noexcept;
    // Gives it all, after waiting, so long at most; what is still used then stays.
    void trim_all(std::chrono::nanoseconds at_most = std::chrono::hours(24 * 365)) noexcept;

    // Mapped by growable mappings that no buffer has, used by queued work or not.
    std::size_t retired_bytes() const;

  private:
    using Queue = boost::intrusive::list<
        PooledMapping,
        boost::intrusive::member_hook<PooledMapping, boost::intrusive::list_member_hook<>, &PooledMapping::queue>>;

    // How much one call does for the others.
    static constexpr std::size_t max_asked = 16;
    static constexpr std::size_t max_dropped = 2;
    // Where a device event may harm a capture, it is recorded when so large a part of the device waits for it.
    static constexpr std::size_t unordered_divisor = 64;
    // A reused growable mapping may have this part more mapped than was asked for.
    static constexpr std::size_t waste_divisor = 8;

    std::unique_ptr<PooledMapping> find(std::size_t reserve_bytes, std::size_t commit_bytes) noexcept;
    void order_pending() noexcept;
    void ask_oldest() noexcept;
    void drop_oldest() noexcept;

    friend class ForkGuard;
    void lock_for_fork() noexcept { mutex_.lock(); }
    void unlock_after_fork() noexcept { mutex_.unlock(); }

    ChunkPool& chunks_;
    const std::size_t max_free_bytes_;
    mutable Mutex mutex_;
    Queue pending_;  // for their events, or to be ordered
    Queue free_;     // oldest first
    std::size_t pending_bytes_ = 0;
    std::size_t free_bytes_ = 0;
    std::size_t unordered_bytes_ = 0;  // of those that wait
    ForkGuard fork_guard_{ForkGuard::Rank::central, *this};
};

}  // namespace triune
