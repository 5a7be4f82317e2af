// One zone of the pool: where its memory comes from and where it goes.
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
    PoolMemory(ChunkPool& chunks, RecordStore& records, Zone zone) noexcept
        : chunks_(chunks),
          records_(records),
          zone_(zone),
          idle_(records, RangeState::idle),
          holes_(records, RangeState::hole) {}
    PoolMemory(const PoolMemory&) = delete;
    PoolMemory& operator=(const PoolMemory&) = delete;
    // Gives all back, whatever it is used for.
    ~PoolMemory();

    // Afterwards idle() holds a range of at least `bytes`. What comes from the device comes in pieces of `step` or
    // more. Throws out_of_memory or device_error; then nothing is lost.
    void grow(std::size_t bytes, std::size_t step);
    // Gives idle memory back to the device; answers how many bytes.
    std::size_t give_back() noexcept;

    Zone zone() const noexcept { return zone_; }
    FreeList& idle() noexcept { return idle_; }
    const FreeList& idle() const noexcept { return idle_; }

    std::size_t reserved_bytes() const noexcept { return reserved_; }
    std::size_t hole_count() const noexcept { return holes_.count(); }
    const std::vector<std::unique_ptr<Slab>>& slabs() const noexcept { return slabs_; }

  private:
    // So many times the device's memory in addresses: they cost nothing, and holes need not be filled soon.
    static constexpr std::size_t addresses_per_byte = 8;
    // Moving a chunk costs more than making a new one, and programs repeat themselves: so as long as no more than this
    // part of the most that was ever in use lies idle, new memory is made, and after a while nothing moves.
    static constexpr std::size_t slack_part = 64;

    // A place for more memory: behind `idle`, where that is not null, at the front of `hole`.
    struct Place {
        Range* hole = nullptr;
        Range* idle = nullptr;
        std::size_t missing = 0;
    };

    void reserve_addresses();
    Place choose_place(std::size_t bytes) noexcept;
    std::size_t harvest(std::size_t bytes, const Range* spared) noexcept;
    std::size_t make_hole(Range* range, std::size_t enough) noexcept;
    void fill_hole(Range* hole, std::size_t bytes);
    void add_plain_slab(std::size_t bytes);

    Device& device() const noexcept { return chunks_.device(); }

    ChunkPool& chunks_;
    RecordStore& records_;
    const Zone zone_;
    FreeList idle_;
    FreeList holes_;
    std::vector<std::unique_ptr<Slab>> slabs_;
    std::size_t reserved_ = 0;
    std::size_t most_used_ = 0;  // when more was asked for
};

}  // namespace triune
