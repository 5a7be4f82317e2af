// SPDX-License-Identifier: Apache-2.0
// The stream on which blocking calls do their work.
#pragma once

#include <triune/detail/base/fork_guard.hpp>
#include <triune/detail/base/mutex.hpp>
#include <triune/device/event.hpp>
#include <triune/device/stream.hpp>

namespace triune {

// Thread-safe.
class ServiceStream {
  public:
    explicit ServiceStream(Device& device);

    StreamHandle handle() const noexcept { return stream_.handle(); }
    // Work given to the stream from now on runs after all that the device's streams hold by now. Where the device
    // cannot say what that is, or not without harm to a capture, waits for it instead. Throws device_error.
    void join_all();
    // Waits for the stream; other threads' blocking calls are waited for with it. Throws device_error.
    void synchronize() const { stream_.synchronize(); }

  private:
    Device& device_;
    Stream stream_;
    friend class ForkGuard;
    void lock_for_fork() noexcept { mutex_.lock(); }
    void unlock_after_fork() noexcept { mutex_.unlock(); }

    Mutex mutex_;  // of the event: recorded by one thread at a time
    Event joined_;
    ForkGuard fork_guard_{ForkGuard::Rank::central, *this};
};

}  // namespace triune
