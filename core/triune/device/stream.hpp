// SPDX-License-Identifier: Apache-2.0
// An owned stream.
#pragma once

#include <triune/device/device.hpp>

namespace triune {

// Move-only; a moved-from stream may be destroyed and assigned to, and its handle is null. It never waits for the
// default stream, nor the default stream for it. Destruction lets queued work run on and does not wait for it. Const
// functions are safe from any thread.
class Stream {
  public:
    // On the current device. Throws device_error.
    Stream();
    // `device` must outlive the stream.
    explicit Stream(Device& device);
    ~Stream();
    Stream(Stream&& other) noexcept;
    Stream& operator=(Stream&& other) noexcept;
    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;

    // What every stream parameter of the library and of CUDA takes; null when moved from.
    StreamHandle handle() const noexcept { return handle_; }

    // Waits for what was queued before the call. Throws invalid_argument when moved from, and device_error, which may
    // stem from work queued earlier.
    void synchronize() const;
    // Whether all work has run. Does not wait; throws like synchronize.
    bool query() const;

  private:
    Device& device() const;  // throws when moved from
    void destroy() noexcept;

    Device* device_ = nullptr;
    StreamHandle handle_ = nullptr;
};

}  // namespace triune
