// Downloads of three arrays of node data, double-buffered.
#pragma once

#include <cstddef>
#include <memory>
#include <tuple>
#include <vector>

#include <triune/device/device.hpp>
#include <triune/manage/download_channel.hpp>

namespace triune {

using NodeVectors = std::tuple<std::vector<float>, std::vector<float>, std::vector<float>>;  // x, y, z

// One snapshot of three node arrays, in pinned memory; all of one moment. See HostView for how long it is valid.
struct NodeViews {
    HostView<float> x, y, z;

    std::size_t size() const noexcept { return x.size(); }
    std::uint64_t sequence() const noexcept { return x.sequence(); }
    NodeVectors to_vectors() const { return {x.to_vector(), y.to_vector(), z.to_vector()}; }
};

// Where three arrays lie on the device, and how many floats each has.
struct NodeSpans {
    const float* x = nullptr;
    const float* y = nullptr;
    const float* z = nullptr;
    std::size_t count = 0;
};

// There is always a snapshot: of zeros before the first flight has landed. Knows spans and a stream, not who holds
// them. One thread at a time.
class NodeDownload {
  public:
    // `name` is for messages and must outlive this. Throws out_of_memory, device_error.
    NodeDownload(std::shared_ptr<DeviceResources> resources, std::size_t count, const char* name);

    // Starts a flight of `source` as it stands after what is queued on `producer`, unless one is pending: started and
    // neither waited for nor told by latest(). Where nothing is queued there the source has been read when this
    // returns, so that the host may write it right away; else nothing is waited for. Throws download_in_flight where
    // the older snapshot's views are still held; out_of_memory, device_error.
    void start(const NodeSpans& source, StreamHandle producer);
    // The newest snapshot that was complete when this was called; and starts a flight unless one is pending still or
    // the older snapshot is held.
    NodeViews latest(const NodeSpans& source, StreamHandle producer);
    // The pending flight, waited for; the newest snapshot where there is none.
    NodeViews wait();
    // Whether wait() would return at once.
    bool poll();

    // Later snapshots and answers have `count` entries: those of the newest, then zeros. prepare waits for a pending
    // flight and throws as the constructor does, nothing changed; adopt follows it.
    Snapshot prepare_resize(std::size_t count);
    void adopt(Snapshot resized) noexcept { channel_->adopt(std::move(resized)); }

    // What holds work back that would overwrite what a flight reads.
    const std::shared_ptr<DownloadChannel>& channel() const noexcept { return channel_; }

  private:
    static NodeViews views(const Snapshot& snapshot);

    const char* name_;
    std::shared_ptr<DeviceResources> resources_;
    std::shared_ptr<DownloadChannel> channel_;
};

}  // namespace triune
