// Where the nodes were at regular moments of the layout, kept on the device as long as there is room.
#pragma once

#include <cstddef>
#include <vector>

#include "gpu/dynamic_buffer_manager.hpp"
#include "layout_engine.hpp"

namespace package_map {

class TrailRecorder {
  public:
    TrailRecorder();

    // Does nothing once the buffer has reached its greatest size.
    void record(LayoutEngine& engine);

    std::size_t sample_count() const noexcept { return counts_.size(); }
    std::size_t bytes() const { return trail_.size_bytes(); }
    // The mean over all nodes of the way from sample to sample.
    double mean_way(const LayoutEngine& engine) const;

  private:
    gpu::DynamicGpuBuffer trail_;
    std::vector<std::size_t> counts_;  // nodes by sample
    bool full_ = false;
};

}  // namespace package_map
