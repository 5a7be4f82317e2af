// SPDX-License-Identifier: Apache-2.0
#include <triune/device/stream_set.hpp>

#include <exception>
#include <utility>

#include <triune/base/error.hpp>
#include <triune/device/devices.hpp>
#include <triune/device/event.hpp>

namespace triune {

StreamSet::StreamSet() : StreamSet(current_device()) {}

StreamSet::StreamSet(Device& device) : device_(&device), streams_{Stream(device), Stream(device), Stream(device)} {}

StreamSet::StreamSet(StreamSet&& other) noexcept
    : device_(std::exchange(other.device_, nullptr)),
      streams_(std::move(other.streams_)),
      turn_(other.turn_.load(std::memory_order_relaxed)) {}

StreamSet& StreamSet::operator=(StreamSet&& other) noexcept {
    if (this == &other) return *this;
    device_ = std::exchange(other.device_, nullptr);
    streams_ = std::move(other.streams_);
    turn_.store(other.turn_.load(std::memory_order_relaxed), std::memory_order_relaxed);
    return *this;
}

// The counter wraps at a power of two, which three does not divide: after 2^64 calls one stream comes out of turn.
const Stream& StreamSet::next() const noexcept {
    return streams_[turn_.fetch_add(1, std::memory_order_relaxed) % count];
}

void StreamSet::synchronize() const {
    for (const Stream& stream : streams_) stream.synchronize();
}

std::future<void> StreamSet::synchronize_async() const {
    if (device_ == nullptr) throw invalid_argument("the stream set was moved from");
    try {
        // The waiting thread owns the events, and an event outlives the stream that it was recorded on.
        std::array<Event, count> queued{Event(*device_), Event(*device_), Event(*device_)};
        for (std::size_t i = 0; i < count; ++i) queued[i].record(streams_[i].handle());
        return std::async(std::launch::async, [queued = std::move(queued)] {
            for (const Event& event : queued) event.synchronize();
        });
    } catch (...) {  // one way for all failures: a caller who asks later must not have to catch now
        std::promise<void> failed;
        failed.set_exception(std::current_exception());
        return failed.get_future();
    }
}

}  // namespace triune
