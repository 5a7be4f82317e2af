// One layout from the first node to the last frame.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "layout_analysis.hpp"
#include "layout_engine.hpp"
#include "level_of_detail.hpp"
#include "memory_log.hpp"
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

// What the viewers of the layout got.
struct ViewerReport {
    std::size_t frames;
    std::size_t bytes;
    std::size_t last_nodes;  // in the last frame of the viewer who is zoomed in
    float last_reach;        // farthest of all that this viewer got
};

struct LayoutReport {
    utils::NodeVectors positions;
    ViewerReport viewers;
    double moving_speed;  // mean over the nodes that move
    std::size_t checkpoint_bytes;
    std::size_t refused_calls;
    std::vector<float> rings;  // share of the nodes by distance from the origin
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

// Takes its levels of detail and its memory samples along. `checkpoint` is the path of a file to write.
struct LayoutCompanions {
    LayoutAnalysis& analysis;
    LevelOfDetail& detail;
    MemoryLog& memory;
    std::string checkpoint;
};

LayoutReport run_layout(const PackageGraph& graph, std::size_t frames, gpu::DynamicBufferManager& buffers,
                        const LayoutCompanions& companions, RunTimes& times, const FrameCallback& on_frame = nullptr);

}  // namespace package_map
