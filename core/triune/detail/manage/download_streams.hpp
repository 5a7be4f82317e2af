// SPDX-License-Identifier: Apache-2.0
// The streams on which downloads cross the link.
#pragma once

#include <vector>

#include <triune/detail/base/fork_guard.hpp>
#include <triune/detail/base/mutex.hpp>
#include <triune/device/stream.hpp>

namespace triune {

// Each download in flight has one to itself, so that none waits for what another one's producer has queued.
// Thread-safe.
class DownloadStreams {
  public:
    explicit DownloadStreams(Device& device) noexcept : device_(device) {}

    // One without work; made where none is spare. Throws device_error.
    Stream acquire();
    // Takes back one whose work has run.
    void release(Stream stream) noexcept;
    // Destroys the spare ones.
    void trim() noexcept;

  private:
    friend class ForkGuard;
    void lock_for_fork() noexcept { mutex_.lock(); }
    void unlock_after_fork() noexcept { mutex_.unlock(); }

    Device& device_;
    Mutex mutex_;
    std::vector<Stream> spare_;
    ForkGuard fork_guard_{ForkGuard::Rank::central, *this};
};

}  // namespace triune
