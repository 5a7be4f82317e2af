// SPDX-License-Identifier: Apache-2.0
// Downloads of three arrays of node data, double-buffered.
#pragma once

#include <cstddef>
#include <memory>

#include <triune/device/device.hpp>
#include <triune/graph/node_views.hpp>
#include <triune/manage/download_channel.hpp>

namespace triune {

// Where three arrays lie on the device, and how many floats each has.
struct NodeSpans {
    const float* x = nullptr;
    const float* y = nullptr;
    const float* z = nullptr;
    std::size_t count = 0;
};

// There is always a snapshot: of zeros before the first download has landed, which cost nothing before somebody asks
// for them. Pins memory at the first two starts. Knows spans and a stream, not who holds them. One thread at a time.
class NodeDownload {
  public:
    // `name` is for messages and must outlive this. Throws out_of_memory.
    NodeDownload(std::shared_ptr<DeviceResources> resources, std::size_t count, const char* name);

    // Starts a download of `source` as it stands after what is queued on `producer`, unless one is pending: started and
    // neither waited for nor told by latest(). Where nothing is queued there the source has been read when this
    // returns, so that the host may write it right away; else nothing is waited for. Throws download_in_flight where
    // the older snapshot's views are still held; out_of_memory, device_error. In direct mode nothing is waited for.
    void start(const NodeSpans& source, StreamHandle producer);
    // Of later starts; staged at first.
    void set_mode(DownloadMode mode) noexcept { mode_ = mode; }
    // The newest snapshot that was complete when this was called; and starts a download unless one is pending still or
    // the older snapshot is held.
    NodeViews latest(const NodeSpans& source, StreamHandle producer);
    // The same snapshot, copied; the download is started while other threads copy, where they pay.
    NodeVectors latest_vectors(const NodeSpans& source, StreamHandle producer);
    // The pending download, waited for; the newest snapshot where there is none.
    NodeViews wait(WaitMode mode = WaitMode::prompt);
    // After a start in direct mode: work given to `stream` from now on runs when the source has been read.
    void hold_back(StreamHandle stream) noexcept;
    // Whether wait() would return at once.
    bool poll();

    // Later snapshots and answers have `count` entries: those of the newest, then zeros. prepare waits for a pending
    // download and throws as the constructor does, nothing changed; adopt follows it.
    struct Resized {
        std::size_t count = 0;
        Snapshot snapshot;  // empty where it would be all zeros
    };
    Resized prepare_resize(std::size_t count);
    void adopt(Resized resized) noexcept;

    // What holds work back that would overwrite what a download reads.
    const std::shared_ptr<DownloadChannel>& channel() const noexcept { return channel_; }

  private:
    NodeViews views(const Snapshot& snapshot);
    void start_unless_held(const NodeSpans& source, StreamHandle producer);

    const char* name_;
    std::shared_ptr<DeviceResources> resources_;
    std::shared_ptr<DownloadChannel> channel_;
    std::size_t count_;
    DownloadMode mode_ = DownloadMode::staged;
    bool direct_ = false;                 // the last start
    std::shared_ptr<const float> zeros_;  // `count_` of them, while they are all there is and once asked for
};

}  // namespace triune
