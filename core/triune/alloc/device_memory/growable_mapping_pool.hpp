// SPDX-License-Identifier: Apache-2.0
// Arenas that buffers are done with: kept mapped until another buffer wants just such a one.
#pragma once

#include <boost/intrusive/list.hpp>
#include <chrono>
#include <cstddef>
#include <memory>

#include <triune/alloc/device_memory/growable_mapping.hpp>
#include <triune/base/fork_guard.hpp>
#include <triune/base/mutex.hpp>
#include <triune/base/units.hpp>
#include <triune/device/stream_order.hpp>

namespace triune {

// An arena together with what retiring it needs, made when the arena is, so that retiring cannot fail for want of
// memory.
struct PooledArena {
    PooledArena(ChunkPool& chunks, std::size_t reserve_bytes);
    PooledArena(const PooledArena&) = delete;
    PooledArena& operator=(const PooledArena&) = delete;
    ~PooledArena();

    Device& device;
    Arena arena;
    EventHandle event = nullptr;
    bool ordered = false;  // the event is recorded behind its last use
    boost::intrusive::list_member_hook<> queue;
};

// Note [Arenas for reuse]
// Mapping costs tens of microseconds a buffer, unmapping as much again and giving physical memory back ten times that;
// and unmapping under a running kernel is a fault, and cannot be ordered on a stream. So an arena that is given up
// waits for an event, and then for a buffer of its size: programs make the same buffers again and again. What is kept
// beyond a bound goes, oldest first. All this happens in the calls that make and free mapped buffers, a bounded part in
// each, so that none of them pays for many others.
//
// Thread-safe. The chunks' pool must outlive this one.
class ArenaPool {
  public:
    // What is kept of a device with so much memory.
    static constexpr std::size_t share_of(std::size_t device_bytes) noexcept { return device_bytes / 16; }
    explicit ArenaPool(ChunkPool& chunks) noexcept
        : ArenaPool(chunks, share_of(chunks.device().properties().total_bytes)) {}
    // Arenas that nothing uses are kept up to `most_idle_bytes` of mapped memory in all.
    ArenaPool(ChunkPool& chunks, std::size_t most_idle_bytes) noexcept
        : chunks_(chunks), most_idle_bytes_(most_idle_bytes) {}
    ArenaPool(const ArenaPool&) = delete;
    ArenaPool& operator=(const ArenaPool&) = delete;
    // Waits for the work that is left.
    ~ArenaPool();

    // An arena of at least `reserve_bytes` addresses with at least the first `commit_bytes` mapped, not initialised:
    // one that was retired, where it has not much more than that mapped, or a new one. Waits for nothing. Throws as
    // Arena does.
    std::unique_ptr<PooledArena> obtain(std::size_t reserve_bytes, std::size_t commit_bytes);
    // `arena` is free once the work queued by now is done: on the stream that `order` names, or on all. Where that
    // cannot be recorded just now it is tried again, see Note [Freed without a stream].
    void retire(std::unique_ptr<PooledArena> arena, StreamOrder order) noexcept;
    // Gives back what no work uses any more, without waiting.
    void drop_idle() noexcept;
    // Gives all back, after waiting, so long at most; what is still used then stays.
    void drain(std::chrono::nanoseconds at_most = std::chrono::hours(24 * 365)) noexcept;

    // Mapped by arenas that no buffer has, used by queued work or not.
    std::size_t retired_bytes() const;

  private:
    using Queue = boost::intrusive::list<
        PooledArena,
        boost::intrusive::member_hook<PooledArena, boost::intrusive::list_member_hook<>, &PooledArena::queue>>;

    // How much one call does for the others.
    static constexpr std::size_t most_asked = 16;
    static constexpr std::size_t most_dropped = 2;
    // Where a device event may harm a capture, it is recorded when so large a part of the device waits for it.
    static constexpr std::size_t unordered_divisor = 64;
    // A reused arena may have this part more mapped than was asked for.
    static constexpr std::size_t waste_part = 8;

    std::unique_ptr<PooledArena> find(std::size_t reserve_bytes, std::size_t commit_bytes) noexcept;
    void order_waiting() noexcept;
    void ask_oldest() noexcept;
    void drop_oldest() noexcept;

    friend class ForkGuard;
    void lock_for_fork() noexcept { mutex_.lock(); }
    void unlock_after_fork() noexcept { mutex_.unlock(); }

    ChunkPool& chunks_;
    const std::size_t most_idle_bytes_;
    mutable Mutex mutex_;
    Queue waiting_;  // for their events, or to be ordered
    Queue idle_;     // oldest first
    std::size_t waiting_bytes_ = 0;
    std::size_t idle_bytes_ = 0;
    std::size_t unordered_bytes_ = 0;  // of those that wait
    ForkGuard fork_guard_{ForkGuard::Rank::central, *this};
};

}  // namespace triune
