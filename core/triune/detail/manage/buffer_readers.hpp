// SPDX-License-Identifier: Apache-2.0
// Who may read a buffer's bytes besides its own calls: downloads.
#pragma once

#include <memory>

#include <triune/device/stream_order.hpp>

namespace triune {

class DeviceResources;
class DownloadChannel;

// The channel of a buffer's own downloads and that of the group or graph that it is a member of. One word in a buffer
// without downloads. For who has the buffer locked.
class BufferReaders {
  public:
    // The buffer's own, made by the first call. Throws std::bad_alloc.
    const std::shared_ptr<DownloadChannel>& own(const std::shared_ptr<DeviceResources>& resources);
    // Afterwards note() cannot fail. Throws std::bad_alloc.
    void prepare();
    // A download by `channel` has been started, the buffer's own or another.
    void note(const std::shared_ptr<DownloadChannel>& channel) noexcept;
    // The other one; the former is left in `channel`. Throws std::bad_alloc.
    void exchange(std::shared_ptr<DownloadChannel>& channel);
    // Work given to `stream` from now on runs after the downloads in flight have read their sources. Throws
    // device_error.
    void hold_back(StreamHandle stream) const {
        if (channels_) hold_back_each(stream);
    }
    void reset() noexcept { channels_.reset(); }

  private:
    struct Channels {
        std::shared_ptr<DownloadChannel> own;
        std::shared_ptr<DownloadChannel> other;
    };
    void hold_back_each(StreamHandle stream) const;

    std::unique_ptr<Channels> channels_;
};

}  // namespace triune
