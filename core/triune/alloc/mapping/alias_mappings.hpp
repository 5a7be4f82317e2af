// SPDX-License-Identifier: Apache-2.0
// The pool's addresses, in which one piece of physical memory may be mapped at several places.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

#include <triune/alloc/device_memory/chunk_pool.hpp>
#include <triune/alloc/mapping/pending_unmaps.hpp>
#include <triune/device/stream_order.hpp>

namespace triune {

// Bytes [offset, offset + bytes) of an arena.
struct Extent {
    std::size_t offset = 0;
    std::size_t bytes = 0;
};

// Physical memory of the pool. It is used at its seat alone: at home, where it was mapped first, or in a view.
struct SeatedChunk {
    Chunk chunk;
    std::size_t home = 0;  // offsets in the arena
    std::size_t seat = 0;
    std::vector<std::size_t> places;  // all that it is mapped at
    // It left a seat while one stream's queued work may have used that: see Note [Views come and go].
    bool left_in_order_of_a_stream = false;

    bool needs(std::size_t place) const noexcept { return place == seat || place == home; }
};

// Addresses at which chunks that have their homes here and there are mapped side by side.
struct View {
    std::size_t offset = 0;
    std::vector<SeatedChunk*> chunks;
    mutable std::uint64_t used = 0;  // the higher, the later
};

// Note [Views come and go]
// A program whose sizes never repeat makes view after view. Where all of them together show each byte of the pool more
// than a few times, the longest unused retire: they serve no more, and once no queued work can use their places, a few
// of these are unmapped whenever a view is made. So nobody ever waits, for the device or for all of them at once.
// Addresses are used in turn, so that what retires leaves room side by side.
//
// A chunk that changes its seat while it is idle leaves no work behind: all that used it is done. One that changes it
// while it is loose, on a stream that is alone, may; then an event on that stream tells when its former places are free
// of work. Where the stream cannot be asked, which only happens in trim(), waiting for the whole device tells.
//
// Says what is mapped where; who uses it is not known here. Not thread-safe. The pool of chunks must outlive the arena.
class PoolArena {
  public:
    struct Mapping {
        SeatedChunk* chunk;  // null where something is left that the device refused to unmap: no place for anything
        std::size_t bytes;
        std::uint64_t retired = 0;  // when; 0: part of a view, or home
    };
    using Mapped = std::map<std::size_t, Mapping>;  // by offset

    // By the bytes of their addresses; of equal ones the oldest comes first.
    using Views = std::multimap<std::size_t, View>;

    // Reserves at least `bytes` of addresses, the first half for homes and the second for views, with a gap between
    // them; no memory yet. Throws device_error or out_of_memory.
    PoolArena(ChunkPool& chunks, std::size_t bytes);
    PoolArena(const PoolArena&) = delete;
    PoolArena& operator=(const PoolArena&) = delete;
    // The caller knows that no queued work uses the memory any more.
    ~PoolArena();

    // Gives chunks, made or spare, `bytes` in all, their homes from `offset` on, where nothing is mapped, and answers
    // them. Throws device_error, out_of_memory or std::bad_alloc, and then nothing has changed.
    std::vector<SeatedChunk*> settle(std::size_t offset, std::size_t bytes);
    // Maps chunks a second time, side by side; they keep their seats. Throws as settle() does. `order` names the stream
    // that is alone, where one is.
    const View& make_view(std::vector<SeatedChunk*> chunks, StreamOrder order = StreamOrder::after_all());
    const Views& views() const noexcept { return views_; }
    void note_used(const View& view) noexcept { view.used = ++clock_; }
    // All retire: see Note [Views come and go]. Answers the time: once the device has been waited for, waited_for() that
    // time has all their places unmapped.
    std::uint64_t drop_views() noexcept;
    void waited_for(std::uint64_t time) noexcept;
    // Unmaps the chunk everywhere and gives it back to the pool of chunks. It is in no view, and no queued work may use
    // it any more. False where the device refuses: then it is still mapped at its seat.
    bool release(SeatedChunk& chunk) noexcept;

    std::byte* data() const noexcept { return base_; }
    std::size_t reserved_bytes() const noexcept { return reserved_; }
    std::size_t granularity() const noexcept { return chunks_.device().properties().chunk_granularity; }
    // Of chunks, each counted once.
    std::size_t committed_bytes() const noexcept { return committed_; }
    std::size_t home_bytes() const noexcept { return home_bytes_; }
    const Mapped& mapped() const noexcept { return mapped_; }

  private:
    // Views may show all that is committed so many times; beyond it so large a part of them retires.
    static constexpr std::size_t most_shown = 6;
    static constexpr std::size_t retiring_part = 8;
    // Of retired places, so many more are unmapped with each view than it maps itself.
    static constexpr std::size_t more_unmapped = 8;

    using Owned = std::map<ChunkHandle, SeatedChunk>;

    void map(Mapped& made, Owned& adopted);
    void undo(Mapped& made, Mapped::iterator end, Owned& adopted) noexcept;
    bool unmap(std::size_t offset, std::size_t bytes) noexcept;
    bool unmap_places(SeatedChunk& chunk, bool home_too) noexcept;
    bool left_work(const View& view) const noexcept;
    void retire(std::vector<Views::iterator> views, StreamOrder order) noexcept;
    void retire_unused(StreamOrder order) noexcept;
    void unmap_retired(std::size_t most) noexcept;
    std::size_t find_gap(std::size_t begin, std::size_t end, std::size_t bytes) const noexcept;
    std::size_t find_addresses(std::size_t bytes);

    ChunkPool& chunks_;
    std::byte* base_ = nullptr;
    std::size_t reserved_ = 0;
    std::size_t home_bytes_ = 0;
    std::size_t next_view_ = 0;  // where addresses were taken last
    std::size_t committed_ = 0;
    std::size_t shown_ = 0;  // by views
    std::uint64_t clock_ = 0;
    Owned own_;
    Views views_;
    Mapped mapped_;
    RetiredPlaces retired_;
};

}  // namespace triune
