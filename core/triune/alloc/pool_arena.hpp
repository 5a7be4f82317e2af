// The pool's addresses, in which one piece of physical memory may be mapped at several places.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

#include <triune/alloc/chunk_pool.hpp>

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
};

// Addresses at which chunks that have their homes here and there are mapped side by side.
struct View {
    std::size_t offset = 0;
    std::vector<SeatedChunk*> chunks;
};

// Says what is mapped where; who uses it is not known here. Not thread-safe. The pool of chunks must outlive the arena.
class PoolArena {
  public:
    struct Mapping {
        SeatedChunk* chunk;  // null where something is left that the device refused to unmap: no place for anything
        std::size_t bytes;
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
    // Maps chunks a second time, side by side; they keep their seats. Throws as settle() does.
    const View& make_view(std::vector<SeatedChunk*> chunks);
    const Views& views() const noexcept { return views_; }
    // Their addresses stay mapped until their chunks are released, or addresses run short.
    void drop_views() noexcept { views_.clear(); }
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
    using Owned = std::map<ChunkHandle, SeatedChunk>;

    void map(Mapped& made, Owned& adopted);
    void undo(Mapped& made, Mapped::iterator end, Owned& adopted) noexcept;
    bool unmap(std::size_t offset, std::size_t bytes) noexcept;
    bool unmap_places(SeatedChunk& chunk, bool home_too) noexcept;
    void unmap_views();
    std::size_t find_addresses(std::size_t bytes);

    ChunkPool& chunks_;
    std::byte* base_ = nullptr;
    std::size_t reserved_ = 0;
    std::size_t home_bytes_ = 0;
    std::size_t views_end_ = 0;
    std::size_t committed_ = 0;
    Owned own_;
    Views views_;
    Mapped mapped_;
};

}  // namespace triune
