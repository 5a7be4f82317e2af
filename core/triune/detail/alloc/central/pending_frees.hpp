// SPDX-License-Identifier: Apache-2.0
// Freed memory that queued work may still use, by the stream on which it may be used again at once.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <unordered_map>

#include <triune/detail/alloc/span/free_list.hpp>
#include <triune/detail/alloc/span/span_stack.hpp>
#include <triune/detail/alloc/span/span_store.hpp>
#include <triune/device/device.hpp>

namespace triune {

class PageHeap;

// Note [One stream alone]
// An event for each free costs more than the free itself, and spans that wait for different events cannot be merged.
// As long as a pool knows one stream only, nobody else can want what is freed there: it is kept stream-free, without an
// event and merged with its neighbours, as is fresh memory. Once there is a second stream, an event on the first orders
// all that is stream-free there, at the next call that names it: until then the stream may be gone, and a dead stream
// must not be asked. StreamSharing says what follows from it.
//
// Note [Freed without a stream]
// What no stream is named for is stream-free on no stream. An event of the whole device orders it, when memory is
// wanted: CUDA refuses that event, and spoils the graph, while any stream captures one, and most captures are nobody's
// business but the program's. So with `unseen_captures` the event is recorded only where much memory waits for it, and
// where the device has no memory left it is waited for instead. What was refused stays stream-free and is tried again:
// nothing is lost.
struct PendingStream {
    explicit PendingStream(SpanStore& records) noexcept
        : stream_free{FreeList(records, SpanState::stream_free), FreeList(records, SpanState::stream_free)} {}

    std::size_t stream_free_bytes() const noexcept {
        return stream_free[small_blocks].bytes() + stream_free[large_blocks].bytes();
    }

    std::array<FreeList, heap_count> stream_free;  // freed there and not recorded yet
    std::array<SpansBySize, heap_count> by_size;   // but for those of uniform batches
    BatchQueue oldest_first;
    std::array<BatchesOfClass, rounded_class_count> uniform;
};

// What depends on whether a pool knows one stream only: see Note [One stream alone].
class StreamSharing {
  public:
    explicit StreamSharing(std::size_t streams) noexcept : one_stream_(streams == 1) {}

    // Whether what a stream freed has to be ordered before others use it.
    bool frees_need_event() const noexcept { return !one_stream_; }
    // Whether all memory that nobody uses may count as the stream's own.
    bool memory_is_own() const noexcept { return one_stream_; }

  private:
    const bool one_stream_;
};

// Not thread-safe. A stream is known by the number that the device gives it, which is never used twice: a new stream
// with an old one's handle finds nothing here.
class PendingFrees {
  public:
    PendingFrees(Device& device, SpanStore& records) noexcept
        : device_(device), records_(records), no_stream_(records) {}
    PendingFrees(const PendingFrees&) = delete;
    PendingFrees& operator=(const PendingFrees&) = delete;
    // Forgets what waits.
    ~PendingFrees();

    // Makes the stream known, so that what is freed on it later can be used there again at once. Throws std::bad_alloc.
    void open(std::uint64_t stream);
    // Of a stream that is not known, the place of what no stream may use early.
    PendingStream* at(std::uint64_t stream) noexcept;
    PendingStream* no_stream() noexcept { return &no_stream_; }

    StreamSharing sharing() const noexcept { return StreamSharing(streams_.size()); }
    // Keeps the span for the stream of that place without an event.
    void add_stream_free(Span* span, PendingStream* stream) noexcept;
    // All that is stream-free there, which is listed nowhere from now on.
    SpanStack remove_stream_free(PendingStream& stream) noexcept;
    // What is stream-free on other streams than this one, or on none.
    std::size_t stream_free_bytes_except(const PendingStream* stream) const noexcept;
    // Calls `function(place)` for the places of all streams, and of none.
    template <typename Function>
    void for_each_place(Function&& function) {
        function(no_stream_);
        for (auto& [id, stream] : streams_) {
            if (stream) function(*stream);
        }
    }

    // Takes what is stream-free into one batch that only waiting for the device completes; null where there is none.
    // finish_wait() ends it: what was waited for becomes free, else stream-free on no stream.
    FreeBatch* begin_wait() noexcept;
    void finish_wait(FreeBatch* batch, bool waited) noexcept;

    // What was to be ordered and could not be just now; it is tried again.
    void note_refused(bool refused) noexcept { refused_ = refused; }
    std::size_t refused_bytes() const noexcept { return refused_ ? no_stream_.stream_free_bytes() : 0; }

    // `batch` has its spans, and its event is recorded.
    void add(FreeBatch* batch, PendingStream* stream) noexcept;
    // The smallest span of at least `bytes`, in their page heap, that may be used on the stream at once; null where
    // there is none.
    Span* find(std::size_t bytes, std::uint64_t stream) noexcept;
    // A batch of that class that may be used there at once, its spans still in it; it is listed nowhere any more.
    FreeBatch* acquire_uniform(SizeClass size, std::uint64_t stream) noexcept;
    // `span` is listed by size.
    void remove(Span* span) noexcept;
    // `rest` was cut off a removed span and is pending as that was: for `batch`.
    void add_rest(Span* rest, FreeBatch* batch) noexcept;
    // Call it when the last span that a removed one was cut into has its place: an empty batch is released.
    void release_if_empty(FreeBatch* batch) noexcept;

    // What nothing uses any more becomes free, in the page heap that it is of. Batches of one stream complete in order,
    // so each queue is read from its oldest up to the first that still waits.
    void collect() noexcept;
    // Events that are not complete yet, the newest of each stream's: when they are, so are all. At most so many.
    static constexpr std::size_t max_events = 64;
    struct Events {
        std::array<EventHandle, max_events> events{};
        std::size_t count = 0;
        bool all = true;  // no more than these
    };
    Events pending_events() const noexcept;

    // Stream-free ones included.
    std::size_t bytes() const noexcept;
    std::size_t stream_free_count() const noexcept;
    // Spans that wait for an event or for the device, counted one by one; for checks.
    std::size_t count() const noexcept;
    void check_aliased(const PageHeap& heap) const;

  private:
    // Streams that came and went leave an empty place behind; beyond this many they are cleared away.
    static constexpr std::size_t many_streams = 64;

    static Span* tighter(Span* a, Span* b) noexcept;
    static SpansBySize& by_size(PendingStream& stream, const Span& span) noexcept;
    void unlist(FreeBatch* batch) noexcept;
    bool complete(const FreeBatch& batch) const noexcept;
    bool collect(PendingStream& stream) noexcept;

    Device& device_;
    SpanStore& records_;
    PendingStream no_stream_;
    std::unordered_map<std::uint64_t, std::unique_ptr<PendingStream>> streams_;
    BatchQueue waited_for_;  // see begin_wait()
    std::size_t bytes_ = 0;
    bool refused_ = false;
};

}  // namespace triune
