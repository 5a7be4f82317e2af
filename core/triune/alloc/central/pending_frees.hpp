// SPDX-License-Identifier: Apache-2.0
// Freed memory that queued work may still use, by the stream on which it may be used again at once.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <unordered_map>

#include <triune/alloc/span/free_list.hpp>
#include <triune/alloc/span/span_stack.hpp>
#include <triune/alloc/span/span_store.hpp>
#include <triune/device/device.hpp>

namespace triune {

class PoolMemory;

// Note [One stream alone]
// An event for each free costs more than the free itself, and ranges that wait for different events cannot be merged.
// As long as a pool knows one stream only, nobody else can want what is freed there: it is kept loose, without an event
// and merged with its neighbours, as is fresh memory. Once there is a second stream, an event on the first orders all
// that is loose there, at the next call that names it: until then the stream may be gone, and a dead stream must not be
// asked.
//
// Note [Freed without a stream]
// What no stream is named for is loose on no stream. An event of the whole device orders it, when memory is wanted: CUDA
// refuses that event, and spoils the graph, while any stream captures one, and most captures are nobody's business but
// the program's. So with `unseen_captures` the event is recorded only where much memory waits for it, and where the
// device has no memory left it is waited for instead. What was refused stays loose and is tried again: nothing is lost.
struct WaitingStream {
    explicit WaitingStream(RecordStore& records) noexcept
        : loose{FreeList(records, RangeState::loose), FreeList(records, RangeState::loose)} {}

    std::size_t loose_bytes() const noexcept { return loose[small_blocks].bytes() + loose[large_blocks].bytes(); }

    std::array<FreeList, zone_count> loose;        // freed there and not recorded yet
    std::array<RangesBySize, zone_count> by_size;  // but for those of uniform batches
    BatchQueue oldest_first;
    std::array<BatchesOfClass, rounded_class_count> uniform;
};

// Not thread-safe. A stream is known by the number that the device gives it, which is never used twice: a new stream
// with an old one's handle finds nothing here.
class WaitingRanges {
  public:
    WaitingRanges(Device& device, RecordStore& records) noexcept
        : device_(device), records_(records), no_stream_(records) {}
    WaitingRanges(const WaitingRanges&) = delete;
    WaitingRanges& operator=(const WaitingRanges&) = delete;
    // Forgets what waits.
    ~WaitingRanges();

    // Makes the stream known, so that what is freed on it later can be used there again at once. Throws std::bad_alloc.
    void open(std::uint64_t stream);
    // Of a stream that is not known, the place of what no stream may use early.
    WaitingStream* at(std::uint64_t stream) noexcept;
    WaitingStream* no_stream() noexcept { return &no_stream_; }

    // Whether the streams that are known are just one, so that nobody else wants what is freed there.
    bool one_stream() const noexcept { return streams_.size() == 1; }
    // Keeps the range for the stream of that place without an event.
    void keep_loose(Range* range, WaitingStream* stream) noexcept;
    // Takes all that is loose out of the place.
    RangeStack loosen(WaitingStream& stream) noexcept;
    // What is loose on other streams than this one, or on none.
    std::size_t loose_bytes_but(const WaitingStream* stream) const noexcept;
    // Calls `function(place)` for the places of all streams, and of none.
    template <typename Function>
    void for_each_place(Function&& function) {
        function(no_stream_);
        for (auto& [id, stream] : streams_) {
            if (stream) function(*stream);
        }
    }

    // Takes what is loose into one batch that only waiting for the device completes; null where there is none.
    // settle_waited() ends it: what was waited for becomes idle, else loose on no stream.
    FreeBatch* begin_wait() noexcept;
    void settle_waited(FreeBatch* batch, bool waited) noexcept;

    // What was to be ordered and could not be just now; it is tried again.
    void note_refused(bool refused) noexcept { refused_ = refused; }
    std::size_t refused_bytes() const noexcept { return refused_ ? no_stream_.loose_bytes() : 0; }

    // `batch` has its ranges, and its event is recorded.
    void add(FreeBatch* batch, WaitingStream* stream) noexcept;
    // The smallest range of at least `bytes`, in their zone, that may be used on the stream at once; null where there
    // is none.
    Range* find(std::size_t bytes, std::uint64_t stream) noexcept;
    // A batch of that class that may be used there at once, its ranges still in it; it is listed nowhere any more.
    FreeBatch* take_uniform(SizeClass size, std::uint64_t stream) noexcept;
    // `range` is listed by size.
    void remove(Range* range) noexcept;
    // `rest` was cut off a removed range and waits as that did: for `batch`.
    void wait_as(Range* rest, FreeBatch* batch) noexcept;
    // Call it when the last range that a removed one was cut into has its place: an empty batch is forgotten.
    void settle(FreeBatch* batch) noexcept;

    // What nothing uses any more becomes idle, in the zone that it is of. Batches of one stream complete in order, so
    // each queue is read from its oldest up to the first that still waits.
    void collect() noexcept;
    // Events that are not complete yet, the newest of each stream's: when they are, so are all. At most so many.
    static constexpr std::size_t max_events = 64;
    struct Events {
        std::array<EventHandle, max_events> events{};
        std::size_t count = 0;
        bool all = true;  // no more than these
    };
    Events pending_events() const noexcept;

    // Loose ones included.
    std::size_t bytes() const noexcept;
    std::size_t loose_count() const noexcept;
    // Ranges that wait for an event or for the device, counted one by one; for checks.
    std::size_t count() const noexcept;
    void check_away(const PoolMemory& memory) const;

  private:
    // Streams that came and went leave an empty place behind; beyond this many they are cleared away.
    static constexpr std::size_t many_streams = 64;

    static Range* tighter(Range* a, Range* b) noexcept;
    static RangesBySize& by_size(WaitingStream& stream, const Range& range) noexcept;
    void unlist(FreeBatch* batch) noexcept;
    bool complete(const FreeBatch& batch) const noexcept;
    bool collect(WaitingStream& stream) noexcept;

    Device& device_;
    RecordStore& records_;
    WaitingStream no_stream_;
    std::unordered_map<std::uint64_t, std::unique_ptr<WaitingStream>> streams_;
    BatchQueue waited_for_;  // see begin_wait()
    std::size_t bytes_ = 0;
    bool refused_ = false;
};

}  // namespace triune
