// SPDX-License-Identifier: Apache-2.0
// Freed memory that queued work may still use, by the stream on which it may be used again at once.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <unordered_map>

#include <triune/alloc/free_list.hpp>
#include <triune/alloc/record_store.hpp>
#include <triune/device/device.hpp>

namespace triune {

// Note [One stream alone]
// An event for each free costs more than the free itself, and ranges that wait for different events cannot be merged.
// As long as a pool knows one stream only, nobody else can want what is freed there: it is kept loose, without an event
// and merged with its neighbours, as is fresh memory. When a second stream comes, or the memory is to go back to the
// device, one event of the whole device is recorded for all of it: the one stream may be gone by then, so it is not
// asked.
struct WaitingStream {
    explicit WaitingStream(RecordStore& records) noexcept
        : loose{FreeList(records, RangeState::loose), FreeList(records, RangeState::loose)} {}

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
    // Where one stream is known and `stream` is its place, keeps the range for it without an event.
    void keep_loose(Range* range, WaitingStream* stream) noexcept;
    // Takes all that is loose out of one place; empty when there is no more.
    struct Loosened {
        RangeStack ranges;
        WaitingStream* stream = nullptr;
    };
    Loosened loosen() noexcept;

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
    // The same for all, after waiting.
    void wait() noexcept;

    // Loose ones included.
    std::size_t bytes() const noexcept;
    std::size_t loose_count() const noexcept;
    // Ranges that wait for an event, counted one by one; for checks.
    std::size_t count() const noexcept;

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
    std::size_t bytes_ = 0;
};

}  // namespace triune
