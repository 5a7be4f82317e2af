// SPDX-License-Identifier: Apache-2.0
// The simulated device's memory: chunks, reservations, plain and pinned allocations under one capacity.
#pragma once

#include <cstddef>
#include <cstdint>
#include <shared_mutex>
#include <string>

#include <triune/detail/device/sim/sim_chunks.hpp>
#include <triune/detail/device/sim/sim_heap.hpp>
#include <triune/detail/device/sim/sim_misuse.hpp>
#include <triune/detail/device/sim/sim_reservations.hpp>
#include <triune/detail/device/sim/sim_span.hpp>
#include <triune/device/sim/sim_device.hpp>

namespace triune::sim {

// The memory verbs; each answers with a CUDA error number, and a failed one has changed nothing. May throw
// std::bad_alloc, then too with nothing changed. Thread-safe: bytes are moved under a shared lock, so that no mapping
// vanishes under a copy that has begun.
class SimMemory {
  public:
    SimMemory(const SimOptions& options, SimMisuse& misuse);

    int allocate(void*& address, std::size_t bytes);
    int release(void* address);
    int pinned_allocate(void*& address, std::size_t bytes);
    int pinned_release(void* address);
    int reserve(void*& address, std::size_t bytes);
    int release_reservation(void* address, std::size_t bytes);
    int chunk_create(ChunkHandle& chunk, std::size_t bytes);
    int chunk_release(ChunkHandle chunk);
    int map(void* address, ChunkHandle chunk, std::size_t bytes);
    int set_access(void* address, std::size_t bytes);
    int unmap(void* address, std::size_t bytes);

    // When work is queued: what the range is; illegal_address, recorded as misuse, where it is dead. `doing` names the
    // verb and the end: "copy from".
    int inspect(const void* address, std::size_t bytes, const char* doing, SimSpan& span) const;
    // When work runs: illegal_address, recorded, where a range is no longer what it was when the work was queued.
    int copy(void* to, SimSpan to_was, const void* from, SimSpan from_was, std::size_t bytes) const;
    int fill(void* to, SimSpan to_was, std::uint32_t value, unsigned width, std::size_t count) const;

    std::size_t free_bytes() const;
    void count(SimLedger& ledger) const;

  private:
    using Shared = std::shared_lock<std::shared_mutex>;
    using Unique = std::unique_lock<std::shared_mutex>;

    int refuse(int error, const std::string& sentence) const;
    bool aligned(const void* address, std::size_t bytes) const noexcept;
    std::size_t used() const noexcept { return chunks_.bytes() + plain_.bytes(); }
    SimSpan find(const char* address, std::size_t bytes) const;
    bool unchanged(const void* address, std::size_t bytes, SimSpan was, const char* doing) const;

    const std::size_t capacity_;
    const std::size_t granularity_;
    SimMisuse& misuse_;
    mutable std::shared_mutex mutex_;
    SimChunks chunks_;
    SimReservations reservations_;
    SimHeap plain_;
    SimHeap pinned_;
};

}  // namespace triune::sim
