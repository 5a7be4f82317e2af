// SPDX-License-Identifier: Apache-2.0
// Physical memory of a device, kept for reuse: releasing a chunk costs ten times what creating it does.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <vector>

#include <triune/base/units.hpp>
#include <triune/detail/base/fork_guard.hpp>
#include <triune/detail/base/mutex.hpp>
#include <triune/device/device.hpp>

namespace triune {

struct Chunk {
    ChunkHandle handle = 0;
    std::size_t bytes = 0;
};

// How many chunks may make up a piece of memory.
enum class Pieces {
    one,   // mapping costs more than creating a chunk does: a spare one of just that size, or a new one
    many,  // every spare chunk that fits, and a new one or two: see ChunkPool::max_whole_bytes()
};

// The one source of chunks for all mappings of a device. Thread-safe. The device must have `virtual_memory` and outlive
// the pool, and the pool its chunks.
class ChunkPool {
  public:
    // Spare chunks beyond `max_spare_bytes` are released: a 16th of the device's memory, or 2 GiB.
    explicit ChunkPool(Device& device) noexcept
        : ChunkPool(device, std::max(2 * GiB, device.properties().total_bytes / 16)) {}
    ChunkPool(Device& device, std::size_t max_spare_bytes) noexcept
        : device_(device), max_spare_bytes_(max_spare_bytes) {}
    ChunkPool(const ChunkPool&) = delete;
    ChunkPool& operator=(const ChunkPool&) = delete;
    ~ChunkPool() { trim(); }

    // Up to so many bytes of new memory are one chunk, more are two halves. Each chunk costs its mapping, here and in
    // every alias, and large ones are less often wholly free. 64 MiB, or TRIUNE_WHOLE_CHUNK_MIB: docs/decisions/ has
    // what recorded programs say to that.
    static std::size_t max_whole_bytes() noexcept;
    // Chunks that add up to just `bytes`, a multiple of the device's granularity: spare ones, and one new for the rest.
    // Where the device has no memory left, spare chunks are released and it is asked once more. Throws out_of_memory or
    // device_error, nothing changed.
    std::vector<Chunk> acquire(std::size_t bytes, Pieces pieces);
    // The chunk is mapped nowhere. Never allocates.
    void release(Chunk chunk) noexcept;
    // Releases the spare chunks; answers how many bytes.
    std::size_t trim() noexcept;

    std::size_t spare_bytes() const;
    // Of spare chunks of `most` bytes at most, and no more than so many bytes of them.
    std::size_t spare_bytes(std::size_t max) const;
    Device& device() const noexcept { return device_; }

    // Addresses that mappings have reserved to map chunks into.
    void count_addresses(std::size_t bytes) noexcept { addresses_.fetch_add(bytes, std::memory_order_relaxed); }
    void uncount_addresses(std::size_t bytes) noexcept { addresses_.fetch_sub(bytes, std::memory_order_relaxed); }
    std::size_t reserved_addresses() const noexcept { return addresses_.load(std::memory_order_relaxed); }

  private:
    std::size_t piece_of(std::size_t bytes) const noexcept;
    Status create(std::size_t bytes, std::vector<Chunk>& acquired) noexcept;
    void keep(Chunk chunk) noexcept;
    std::size_t trim_locked() noexcept;

    friend class ForkGuard;
    void lock_for_fork() noexcept { mutex_.lock(); }
    void unlock_after_fork() noexcept { mutex_.unlock(); }

    Device& device_;
    const std::size_t max_spare_bytes_;
    std::atomic<std::size_t> addresses_{0};
    mutable Mutex mutex_;
    std::vector<Chunk> spare_;  // with room for every chunk that is out
    std::size_t out_ = 0;
    std::size_t spare_bytes_ = 0;
    ForkGuard fork_guard_{ForkGuard::Rank::chunks, *this};
};

}  // namespace triune
