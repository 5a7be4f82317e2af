// SPDX-License-Identifier: Apache-2.0
// One zone of the pool: where its memory comes from and where it goes.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include <triune/alloc/device_memory/chunk_pool.hpp>
#include <triune/alloc/span/free_list.hpp>
#include <triune/alloc/span/span_store.hpp>
#include <triune/alloc/mapping/segment.hpp>
#include <triune/device/stream_order.hpp>

namespace triune {

class IdleChunks;

// Note [Moving idle memory]
// Blocks must be contiguous, so memory that lies free in pieces is no use to a big one. Addresses are plenty and
// physical memory is not: so before the device is asked for more, chunks that lie wholly free are mapped a second time,
// side by side, in a view, and used there: that is their seat from now on. Their homes, where they were mapped first,
// are holes to the books meanwhile: addresses that are nobody's. Once they are free again they go home, where they are
// neighbours of whatever else is free. Both cost no call to the device, because everything stays mapped; and a view
// that was made once serves the next block, of its size or less, whose turn comes while the chunks that it takes are
// free. So a program that repeats itself finds after a round or two every view that it needs, and the device is not
// asked for anything any more.
//
// No byte that anybody uses moves, and a chunk serves at its seat alone, so no two blocks ever share memory. Queued
// work may still use the address of a former seat; it is ordered before whatever uses the memory next, by the stream or
// by an event. An address is unmapped only with its chunk, which is idle then, or after the work that may use it: see
// Note [Views come and go]. A device without virtual memory is asked for plain slabs instead, which go back only when
// all of one is idle.
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

    // Afterwards `free` holds a range of at least `bytes`, which the caller takes, where that was no use before: idle(),
    // or what is loose on the one stream that the memory is for. What comes from the device comes in pieces of `step`
    // or more. Throws out_of_memory, device_error or std::bad_alloc; then nothing is lost. `order` names the stream
    // that is alone, where one is.
    void grow(std::size_t bytes, std::size_t step, FreeList& free, StreamOrder order = StreamOrder::after_all());
    // Enters a range that nothing uses.
    void put_idle(Range* range) noexcept { note_free(*idle_.insert(range)); }
    // Call it for a range that became part of a free list.
    void note_free(const Range& range) noexcept;
    // Where the list has noted chunks that are not at home, brings them there.
    void send_home(FreeList& free);
    // Views serve no more. Answers the time; after the device has been waited for, waited_for() that time unmaps them.
    std::uint64_t drop_views() noexcept;
    void waited_for(std::uint64_t time) noexcept;
    // Gives idle memory back to the device; answers how many bytes. Plain slabs are put into `plain`, whose caller has
    // the device release them, unlocked, since that waits.
    std::size_t give_back(std::vector<std::unique_ptr<Slab>>& plain) noexcept;
    // Throws std::logic_error where a list has chunks away and does not know. For tests.
    void check_away(const FreeList& free) const;

    Zone zone() const noexcept { return zone_; }
    FreeList& idle() noexcept { return idle_; }
    const FreeList& idle() const noexcept { return idle_; }

    std::size_t reserved_bytes() const noexcept { return reserved_; }
    std::size_t hole_count() const noexcept { return holes_.count(); }
    const std::vector<std::unique_ptr<Slab>>& slabs() const noexcept { return slabs_; }

  private:
    // So many times the device's memory in addresses: they cost nothing, and holes need not be filled soon.
    static constexpr std::size_t addresses_per_byte = 16;

    // More memory is made for what is missing, without a look for idle memory, as long as no more than this part of the
    // most that was ever in use lies idle.
    static constexpr std::size_t slack_part = 256;
    // Making a view costs some 20 us a chunk, asking one whether it serves some 20 ns: so many are asked at most.
    static constexpr int most_views_asked = 256;

    // Where new chunks can have their homes: at the front of a hole, behind what lies idle there.
    struct Home {
        Range* hole = nullptr;  // null: there is no place
        std::size_t offset = 0;
        std::size_t missing = 0;
        std::size_t room = 0;
    };
    // Side by side in a view: all of it, or its beginning.
    struct Seats {
        std::size_t offset = 0;
        std::span<SeatedChunk* const> chunks;
    };
    struct Move {
        SeatedChunk* chunk;
        Range* from;  // that its seat lies in
        std::size_t to;
    };

    void reserve_addresses();
    Seats find_seats(std::size_t bytes, const IdleChunks& idle) const noexcept;
    Home find_home(std::size_t bytes, const FreeList* joined) noexcept;
    std::vector<SeatedChunk*> settle(const Home& home, std::size_t step, FreeList& free);
    void move_to(Seats seats, const IdleChunks& idle, FreeList& free, bool loose);
    void move(std::vector<Move> moves, FreeList& free, bool loose);
    void make_hole(Range* range, Extent place) noexcept;
    void fill_hole(Extent place, FreeList& free) noexcept;
    void add_plain_slab(std::size_t bytes, FreeList& free);
    bool release_some() noexcept;
    Extent release_within(const Range& range) noexcept;

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
