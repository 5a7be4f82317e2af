// Node vectors on the host, double-buffered: the newest complete snapshot and the one that a download writes.
#pragma once

#include <array>
#include <cstddef>

#include "device/handles.hpp"
#include "utils/unified_gpu_compute.hpp"

namespace legacy {

using NodeBuffers = std::array<const utils::DeviceBuffer<float>*, 3>;  // x, y, z

// The first `count` values of each, after the work queued on `stream`.
utils::NodeVectors download(const utils::Stream& stream, const NodeBuffers& source, std::size_t count);

class HostSnapshot {
  public:
    explicit HostSnapshot(std::size_t count);

    // Does nothing while a download is pending.
    void start(const utils::Stream& stream, const NodeBuffers& source, std::size_t count);
    void publish_if_complete();
    void wait();
    const utils::NodeVectors& newest() const noexcept { return front_; }

    // A change of length in two steps, so that the second cannot fail. No download may be pending.
    struct Resized {
        utils::NodeVectors front;
        utils::NodeVectors back;
    };
    Resized resized(std::size_t count) const;
    void replace(Resized&& vectors) noexcept;

  private:
    void publish() noexcept;

    utils::NodeVectors front_;
    utils::NodeVectors back_;
    Event copied_;
    bool pending_ = false;
};

}  // namespace legacy
