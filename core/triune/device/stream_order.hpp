// SPDX-License-Identifier: Apache-2.0
// Where a piece of work stands among the work already queued on a device.
#pragma once

#include <triune/device/device.hpp>

namespace triune {

// Either in the order of one stream, or, where none is named, after all work that the device's streams hold by now.
class StreamOrder {
  public:
    static constexpr StreamOrder on(StreamHandle stream) noexcept { return StreamOrder(true, stream); }
    static constexpr StreamOrder after_all() noexcept { return StreamOrder(false, nullptr); }

    constexpr bool names_stream() const noexcept { return named_; }
    constexpr StreamHandle stream() const noexcept { return stream_; }  // null may also be the default stream

  private:
    constexpr StreamOrder(bool named, StreamHandle stream) noexcept : named_(named), stream_(stream) {}

    bool named_;
    StreamHandle stream_;
};

}  // namespace triune
