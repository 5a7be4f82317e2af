// SPDX-License-Identifier: Apache-2.0
// The stream on which blocking calls do their work.
#pragma once

#include <mutex>

#include <triune/device/event.hpp>
#include <triune/device/stream.hpp>

namespace triune {

// Thread-safe.
class ServiceStream {
  public:
    explicit ServiceStream(Device& device);

    StreamHandle handle() const noexcept { return stream_.handle(); }
    // Work given to the stream from now on runs after all that the device's streams hold by now. Where the device
    // cannot say what that is, waits for it instead. Throws device_error.
    void join_all();
    // Waits for the stream; other threads' blocking calls are waited for with it. Throws device_error.
    void synchronize() const { stream_.synchronize(); }

  private:
    Device& device_;
    Stream stream_;
    std::mutex mutex_;  // of the event: recorded by one thread at a time
    Event joined_;
};

}  // namespace triune
