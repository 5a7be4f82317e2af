// Where the pool's memory comes from and where it goes.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include <triune/alloc/chunk_pool.hpp>
#include <triune/alloc/free_list.hpp>
#include <triune/alloc/record_store.hpp>
#include <triune/alloc/slab.hpp>

namespace triune {

// Note [Moving idle memory]
// Blocks must be contiguous, so memory that lies idle in pieces is no use to a big one. Addresses are plenty and
// physical memory is not: so before the device is asked for more, chunks that lie wholly idle are unmapped where they
// are and mapped again where a contiguous place is wanted. What stays behind is a hole: addresses without memory, which
// may be filled again. No byte that anybody uses moves. A device without virtual memory is asked for plain slabs
// instead, which go back only when all of one is idle.
//
// Not thread-safe.
class PoolMemory {
  public:
    PoolMemory(ChunkPool& chunks, RecordStore& records) noexcept
        : chunks_(chunks), records_(records), holes_(records, RangeState::hole) {}
    PoolMemory(const PoolMemory&) = delete;
    PoolMemory& operator=(const PoolMemory&) = delete;
    // Gives all back, whatever it is used for.
    ~PoolMemory();

    // Afterwards `idle` holds a range of at least `bytes`. What comes from the device comes in pieces of `step` or
    // more. Throws out_of_memory or device_error; then nothing is lost.
    void grow(std::size_t bytes, std::size_t step, FreeList& idle);
    // Gives idle memory back to the device; answers how many bytes.
    std::size_t give_back(FreeList& idle) noexcept;

    std::size_t reserved_bytes() const noexcept { return reserved_; }
    std::size_t hole_count() const noexcept { return holes_.count(); }
    const std::vector<std::unique_ptr<Slab>>& slabs() const noexcept { return slabs_; }

  private:
    // So many times the device's memory in addresses: they cost nothing, and holes need not be filled soon.
    static constexpr std::size_t addresses_per_byte = 8;

    // A place for more memory: behind `idle`, where that is not null, at the front of `hole`.
    struct Place {
        Range* hole = nullptr;
        Range* idle = nullptr;
        std::size_t missing = 0;
    };

    void reserve_addresses();
    Place choose_place(std::size_t bytes) noexcept;
    std::size_t harvest(std::size_t bytes, const Range* spared, FreeList& idle) noexcept;
    std::size_t make_hole(Range* range, std::size_t enough, FreeList& idle) noexcept;
    void fill_hole(Range* hole, std::size_t bytes, FreeList& idle);
    void add_plain_slab(std::size_t bytes, FreeList& idle);

    Device& device() const noexcept { return chunks_.device(); }

    ChunkPool& chunks_;
    RecordStore& records_;
    FreeList holes_;
    std::vector<std::unique_ptr<Slab>> slabs_;
    std::size_t reserved_ = 0;
};

}  // namespace triune
