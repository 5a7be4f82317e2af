// SPDX-License-Identifier: Apache-2.0
// Ranges on a profiler's time line.
#pragma once

#include <atomic>
#include <string_view>

namespace triune::trace {

// Where ranges go: a profiler's own pair of calls (NVTX, offered by the CUDA backend when a device is opened), or
// anything a test or an application likes. Each is called on the thread that the range is of; neither may throw.
struct Sink {
    // `what` is a string literal ("allocate"), `of` the name of the buffer or thing concerned, of this call only.
    void (*begin)(const char* what, std::string_view of) noexcept;
    void (*end)() noexcept;
};

namespace detail {

extern constinit std::atomic<const Sink*> sink;

}  // namespace detail

// Later ranges go to `sink`, which must stay for ever; null turns them off, as they are at first. Thread-safe.
void set_sink(const Sink* sink) noexcept;
// The same, but a sink that is there stays.
void offer_sink(const Sink* sink) noexcept;
inline const Sink* sink() noexcept { return detail::sink.load(std::memory_order_acquire); }

// A range from here to the end of the C++ scope. Without a sink it costs one load.
class Range {
  public:
    Range(const char* what, std::string_view of) noexcept : sink_(sink()) {
        if (sink_ != nullptr) sink_->begin(what, of);
    }
    Range(const Range&) = delete;
    Range& operator=(const Range&) = delete;
    ~Range() {
        if (sink_ != nullptr) sink_->end();  // where it began, whatever the sink is by now
    }

  private:
    const Sink* const sink_;
};

}  // namespace triune::trace
