// SPDX-License-Identifier: Apache-2.0
// The calls that download buffers beside the caller's work.
#pragma once

#include <memory>
#include <span>
#include <string>

#include <triune/device/stream_order.hpp>
#include <triune/manage/download_channel.hpp>

namespace triune {

class BufferState;

// Thread-safe. Each call locks the buffers that it is given, but waits with none locked; it throws stale_handle once
// one is freed. Those of one buffer throw async_not_enabled where its config says so.
class BufferDownloads {
  public:
    static void start(BufferState& buffer, StreamOrder order, DownloadMode mode);
    static Snapshot wait(BufferState& buffer, WaitMode mode);
    static Snapshot latest(BufferState& buffer);
    static bool pending(BufferState& buffer);
    static bool poll(BufferState& buffer);
    // Of several as one, by `channel`: of each the size's bytes. They are locked in the order given.
    static void start(std::span<BufferState* const> buffers, const std::shared_ptr<DownloadChannel>& channel,
                      StreamOrder order, const std::string& name, DownloadMode mode);
    // `channel` may be given the buffer's bytes to read: calls from now on are held back by its downloads.
    static void read_by(BufferState& buffer, std::shared_ptr<DownloadChannel> channel);

  private:
    // The buffer's own, with the buffer locked.
    static const std::shared_ptr<DownloadChannel>& channel(BufferState& buffer);
};

}  // namespace triune
