// One layout from the first node to the last frame.
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "layout_analysis.hpp"
#include "layout_engine.hpp"
#include "package_graph.hpp"
#include "run_times.hpp"
#include "trail_recorder.hpp"

namespace package_map {

// Gets a recent state of the layout, for display only: it may lag behind.
using FrameCallback = std::function<void(std::size_t frame, const utils::NodeVectors& positions)>;

struct StageReport {
    std::size_t nodes;
    std::size_t edges;
    double mean_speed;  // after the stage's last frame
};

struct LayoutReport {
    utils::NodeVectors positions;
    std::vector<StageReport> stages;
    std::size_t bytes_used;
    float utilization;
    std::size_t resizes;
    std::size_t trail_samples;
    std::size_t trail_bytes;
    double mean_way;
    std::size_t device_bytes;  // of the whole device, as its driver counts
    const char* kernels;
};

LayoutReport run_layout(const PackageGraph& graph, std::size_t frames, gpu::DynamicBufferManager& buffers,
                        LayoutAnalysis& analysis, RunTimes& times, const FrameCallback& on_frame);

}  // namespace package_map
