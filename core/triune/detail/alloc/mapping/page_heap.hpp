// SPDX-License-Identifier: Apache-2.0
// One page heap of the pool: where its memory comes from and where it goes.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include <triune/detail/alloc/device_memory/chunk_pool.hpp>
#include <triune/detail/alloc/mapping/alias_mappings.hpp>
#include <triune/detail/alloc/span/free_list.hpp>
#include <triune/detail/alloc/span/segment.hpp>
#include <triune/detail/alloc/span/span_store.hpp>
#include <triune/device/stream_order.hpp>

namespace triune {

class FreeChunks;

// Note [Moving free memory]
// Blocks must be contiguous, so memory that lies free in pieces is no use to a big one. Addresses are plenty and
// physical memory is not: so before the device is asked for more, chunks that lie wholly free are mapped a second time,
// side by side. This alias is their active mapping from now on. The spans at their primary mappings count as unmapped
// meanwhile: addresses that are nobody's. Once the chunks are free again, their primary mappings are restored, where
// they are neighbours of whatever else is free. Both cost no call to the device, because everything stays mapped. An
// alias that was made once serves the next block of its size or less, as soon as the chunks that it needs are free. So
// a program that repeats itself finds after a round or two every alias that it needs, and asks the device no more.
//
// No byte that anybody uses moves, and a chunk serves at its active mapping alone, so no two blocks ever share memory.
// Queued work may still use the address of a former active mapping; it is ordered before whatever uses the memory next,
// by the stream or by an event. An address is unmapped only with its chunk, which is free then, or after the work that
// may use it: see Note [Aliases come and go]. A device without virtual memory is asked for plain segments instead,
// which go back only when all of one is free.
//
// Not thread-safe.
class PageHeap {
  public:
    PageHeap(ChunkPool& chunks, SpanStore& records, HeapKind kind) noexcept
        : chunks_(chunks),
          records_(records),
          kind_(kind),
          free_(records, SpanState::free),
          unmapped_(records, SpanState::unmapped) {}
    PageHeap(const PageHeap&) = delete;
    PageHeap& operator=(const PageHeap&) = delete;
    // Gives all back, whatever it is used for.
    ~PageHeap();

    // Afterwards `free` holds a span of at least `bytes`. It is free_spans(), or the stream-free spans of the one
    // stream that the memory is for, which `order` names then. What comes from the device comes in pieces of `step` or
    // more. Throws out_of_memory, device_error or std::bad_alloc; then nothing is lost.
    void grow(std::size_t bytes, std::size_t step, FreeList& free, StreamOrder order = StreamOrder::after_all());
    // Enters a span that nothing uses.
    void add_free(Span* span) noexcept { note_free(*free_.insert(span)); }
    // Call it for a span that became part of a free list.
    void note_free(const Span& span) noexcept;
    // Where the list has noted chunks that are used at aliases, restores their primary mappings.
    void restore_primary(FreeList& free);
    // Aliases serve no more. Answers the time; after the device has been waited for, waited_for() that time unmaps
    // them.
    std::uint64_t drop_aliases() noexcept;
    void waited_for(std::uint64_t time) noexcept;
    // Gives free memory back to the device; answers how many bytes. Plain segments are put into `plain`, for the caller
    // to release: see release_plain().
    std::size_t trim(std::vector<std::unique_ptr<Segment>>& plain) noexcept;
    // Throws std::logic_error where a list has chunks at aliases and does not know. For tests.
    void check_aliased(const FreeList& free) const;

    // For the segments in `plain`, without a lock, since it waits.
    static void release_plain(Device& device, const Segment& segment) noexcept;

    HeapKind kind() const noexcept { return kind_; }
    FreeList& free_spans() noexcept { return free_; }
    const FreeList& free_spans() const noexcept { return free_; }

    std::size_t reserved_bytes() const noexcept { return reserved_; }
    // What may lie free beyond what is used, before more is done than asking for new memory.
    std::size_t max_slack() const noexcept;
    std::size_t unmapped_count() const noexcept { return unmapped_.count(); }
    const std::vector<std::unique_ptr<Segment>>& segments() const noexcept { return segments_; }

  private:
    // So many times the device's memory in addresses: they cost nothing, and gaps need not be filled soon.
    static constexpr std::size_t addresses_per_byte = 16;

    // More memory is made for what is missing, without a look for free memory, as long as no more than this part of the
    // most that was ever in use lies free, or than two whole chunks, or than this part of a small device.
    static constexpr std::size_t slack_divisor = 100;
    static constexpr std::size_t device_divisor = 512;
    // Making an alias costs some 20 us a chunk, asking one whether it serves some 20 ns: so many are asked at most.
    static constexpr int max_aliases_asked = 256;

    // Where new chunks can have their primary mappings: at the front of an unmapped span, behind what lies free there.
    struct PrimaryPlace {
        Span* unmapped = nullptr;  // null: there is no place
        std::size_t offset = 0;
        std::size_t missing = 0;
        std::size_t room = 0;
    };
    // Side by side in an alias: all of it, or its beginning.
    struct AliasPart {
        std::size_t offset = 0;
        std::span<PoolChunk* const> chunks;
    };
    struct Move {
        PoolChunk* chunk;
        Span* from;  // that its active mapping lies in
        std::size_t to;
    };

    void reserve_addresses();
    AliasPart find_alias(std::size_t bytes, const FreeChunks& chunks) const noexcept;
    PrimaryPlace find_primary_place(std::size_t bytes, const FreeList* joined) noexcept;
    std::vector<PoolChunk*> map_primary(const PrimaryPlace& place, std::size_t step, FreeList& free);
    void move_to(AliasPart part, const FreeChunks& chunks, FreeList& free, bool stream_free);
    void move(std::vector<Move> moves, FreeList& free, bool stream_free);
    void mark_unmapped(Span* span, Extent place) noexcept;
    void mark_mapped(Extent place, FreeList& free) noexcept;
    void add_plain_segment(std::size_t bytes, FreeList& free);
    bool release_some() noexcept;
    Extent release_within(const Span& span) noexcept;

    Device& device() const noexcept { return chunks_.device(); }

    ChunkPool& chunks_;
    SpanStore& records_;
    const HeapKind kind_;
    FreeList free_;
    FreeList unmapped_;
    std::unique_ptr<AliasMappings> mappings_;  // none on devices without virtual memory
    std::vector<std::unique_ptr<Segment>> segments_;
    std::size_t reserved_ = 0;
    std::size_t max_used_ = 0;  // when more was asked for
};

}  // namespace triune
