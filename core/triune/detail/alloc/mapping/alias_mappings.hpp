// SPDX-License-Identifier: Apache-2.0
// The pool's addresses, in which one piece of physical memory may be mapped at several places.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

#include <triune/detail/alloc/device_memory/chunk_pool.hpp>
#include <triune/detail/alloc/mapping/pending_unmaps.hpp>
#include <triune/device/stream_order.hpp>

namespace triune {

// Physical memory of the pool. It may be mapped at many places and is used at one, its active mapping. That is its
// primary mapping, where it was mapped first, or an alias.
struct PoolChunk {
    Chunk chunk;
    std::size_t primary = 0;  // offsets, as all here
    std::size_t active = 0;
    std::vector<std::size_t> places;  // all that it is mapped at
    // Its active mapping changed while one stream's queued work may have used it: see Note [Aliases come and go].
    bool moved_in_order_of_a_stream = false;

    bool needs(std::size_t place) const noexcept { return place == active || place == primary; }
};

// Addresses at which chunks are mapped a second time, side by side.
struct Alias {
    std::size_t offset = 0;
    std::vector<PoolChunk*> chunks;
    mutable std::uint64_t used = 0;  // the higher, the later
};

// Note [Aliases come and go]
// A program whose sizes never repeat makes alias after alias. Where all of them together map each byte of the pool more
// than a few times, the longest unused are dropped: they serve no more, and their places are pending unmaps. Once no
// queued work can use these, a few are unmapped whenever an alias is made. So nobody ever waits, for the device or for
// all of them at once. Addresses are used in turn, so that what is unmapped leaves room side by side.
//
// A free chunk whose active mapping changes leaves no work behind: all that used it is done. A stream-free one, on a
// stream that is alone, may; then an event on that stream tells when its former places are free of work. Where the
// stream cannot be asked, which only happens in trim(), waiting for the whole device tells.
//
// Says what is mapped where; who uses it is not known here. Not thread-safe. The pool of chunks must outlive this.
class AliasMappings {
  public:
    struct Mapping {
        PoolChunk* chunk;  // null where something is left that the device refused to unmap: no place for anything
        std::size_t bytes;
        std::uint64_t dropped = 0;  // when, of a pending unmap; else 0
    };
    using Mapped = std::map<std::size_t, Mapping>;  // by offset

    // By the bytes of their addresses; of equal ones the oldest comes first.
    using Aliases = std::multimap<std::size_t, Alias>;

    // Reserves at least `bytes` of addresses, the first half for primary mappings and the second for aliases, with a
    // gap between them; no memory yet. Throws device_error or out_of_memory.
    AliasMappings(ChunkPool& chunks, std::size_t bytes);
    AliasMappings(const AliasMappings&) = delete;
    AliasMappings& operator=(const AliasMappings&) = delete;
    // The caller knows that no queued work uses the memory any more.
    ~AliasMappings();

    // Maps chunks, made or spare, `bytes` in all, from `offset` on, where nothing is mapped: that is their primary
    // mapping. Throws device_error, out_of_memory or std::bad_alloc, and then nothing has changed.
    std::vector<PoolChunk*> map_primary(std::size_t offset, std::size_t bytes);
    // Maps chunks a second time, side by side; they keep their active mappings. Throws as map_primary() does. `order`
    // names the stream that is alone, where one is.
    const Alias& make_alias(std::vector<PoolChunk*> chunks, StreamOrder order = StreamOrder::after_all());
    const Aliases& aliases() const noexcept { return aliases_; }
    void note_used(const Alias& alias) noexcept { alias.used = ++clock_; }
    // Drops all: see Note [Aliases come and go]. Answers the time: once the device has been waited for, waited_for()
    // that time has all their places unmapped.
    std::uint64_t drop_aliases() noexcept;
    void waited_for(std::uint64_t time) noexcept;
    // Unmaps the chunk everywhere and gives it back to the pool of chunks. It is in no alias, and no queued work may
    // use it any more. False where the device refuses: then it is still mapped at its active mapping.
    bool release(PoolChunk& chunk) noexcept;

    std::byte* data() const noexcept { return base_; }
    std::size_t reserved_bytes() const noexcept { return reserved_; }
    std::size_t granularity() const noexcept { return chunks_.device().properties().chunk_granularity; }
    // Of chunks, each counted once.
    std::size_t committed_bytes() const noexcept { return committed_; }
    std::size_t primary_bytes() const noexcept { return primary_bytes_; }
    const Mapped& mapped() const noexcept { return mapped_; }

  private:
    // Aliases may map all that is committed so many times; beyond it so large a part of them is dropped.
    static constexpr std::size_t max_aliased = 6;
    static constexpr std::size_t dropping_divisor = 8;
    // With each alias so many more places are unmapped than it maps itself.
    static constexpr std::size_t more_unmapped = 8;

    using Owned = std::map<ChunkHandle, PoolChunk>;

    void map(Mapped& made, Owned& adopted);
    void undo(Mapped& made, Mapped::iterator end, Owned& adopted) noexcept;
    bool unmap(std::size_t offset, std::size_t bytes) noexcept;
    bool unmap_places(PoolChunk& chunk, bool primary_too) noexcept;
    bool may_have_left_work(const Alias& alias) const noexcept;
    void drop(std::vector<Aliases::iterator> aliases, StreamOrder order) noexcept;
    void drop_unused(StreamOrder order) noexcept;
    void unmap_pending(std::size_t max) noexcept;
    std::size_t find_gap(std::size_t begin, std::size_t end, std::size_t bytes) const noexcept;
    std::size_t find_addresses(std::size_t bytes);

    ChunkPool& chunks_;
    std::byte* base_ = nullptr;
    std::size_t reserved_ = 0;
    std::size_t primary_bytes_ = 0;
    std::size_t next_alias_ = 0;  // behind the newest
    std::size_t committed_ = 0;
    std::size_t aliased_ = 0;  // bytes of all aliases
    std::uint64_t clock_ = 0;
    Owned own_;
    Aliases aliases_;
    Mapped mapped_;
    PendingUnmaps pending_unmaps_;
};

}  // namespace triune
