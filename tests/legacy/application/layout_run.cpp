#include "layout_run.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <stdexcept>
#include <string>
#include <tuple>

namespace package_map {

namespace {

struct Stage {
    double nodes;   // fraction of all nodes
    double frames;  // fraction of all frames at which the stage begins
};

// The map grows while it is laid out: the core finds its place first.
constexpr std::array<Stage, 4> kStages{{{0.4, 0.0}, {0.6, 0.1}, {0.8, 0.2}, {1.0, 0.3}}};
constexpr std::size_t kTrailSamples = 40;

std::size_t part_of(std::size_t whole, double fraction) {
    return static_cast<std::size_t>(std::ceil(static_cast<double>(whole) * fraction));
}

// Long steps at first, short ones at the end.
LayoutSettings settings_at(std::size_t frame, std::size_t frames) {
    LayoutSettings settings;
    const float left = 1.0F - static_cast<float>(frame) / static_cast<float>(frames);
    settings.max_step = 1.0F + 60.0F * left * std::sqrt(left);
    return settings;
}

double mean_speed(const utils::NodeVectors& velocities) {
    const auto& [x, y, z] = velocities;
    double sum = 0.0;
    for (std::size_t node = 0; node < x.size(); ++node) {
        sum += static_cast<double>(std::sqrt(x[node] * x[node] + y[node] * y[node] + z[node] * z[node]));
    }
    return x.empty() ? 0.0 : sum / static_cast<double>(x.size());
}

// Takes stock at the end of a stage, while the velocities are on their way.
StageReport finish_stage(LayoutEngine& engine, LayoutAnalysis& analysis, std::size_t number) {
    engine.start_async_download_velocities();
    analysis.record_stage(std::to_string(number), engine.get_node_positions());
    const double speed = mean_speed(engine.wait_for_download_velocities());
    return {engine.num_nodes, engine.num_edges / 2, speed};
}

void report_memory(const utils::UnifiedGPUCompute& compute, LayoutReport& report) {
    const auto [bytes, utilization, resizes] = compute.get_memory_metrics();
    report.bytes_used = bytes;
    report.utilization = utilization;
    report.resizes = resizes;
}

}  // namespace

LayoutReport run_layout(const PackageGraph& graph, std::size_t frames, gpu::DynamicBufferManager& buffers,
                        LayoutAnalysis& analysis, RunTimes& times, const FrameCallback& on_frame) {
    const std::size_t first = part_of(graph.nodes.size(), kStages[0].nodes);
    const auto engine = times.measure(
        "create", [&] { return std::make_unique<LayoutEngine>(first, graph.rows(first).columns.size(), buffers); });
    times.measure("upload", [&] { engine->load_nodes(graph, first); });

    LayoutReport report{};
    report.kernels = engine->kernels().name;
    TrailRecorder trail;
    std::size_t next_stage = 1;
    times.measure("frames", [&] {
        for (std::size_t frame = 0; frame < frames; ++frame) {
            while (next_stage < kStages.size() && frame >= part_of(frames, kStages[next_stage].frames)) {
                report.stages.push_back(finish_stage(*engine, analysis, next_stage));
                const std::size_t count = part_of(graph.nodes.size(), kStages[next_stage].nodes);
                times.measure("growth", [&] { engine->load_nodes(graph, count); });
                ++next_stage;
            }
            engine->execute_physics_step(settings_at(frame, frames));
            const auto preview = times.measure("async_downloads", [&] { return engine->get_node_positions_async(); });
            if (on_frame) {
                on_frame(frame, preview);
            }
            if (frame % std::max<std::size_t>(1, frames / kTrailSamples) == 0) {
                trail.record(*engine);
            }
        }
        engine->stream().synchronize();
    });
    report.stages.push_back(finish_stage(*engine, analysis, next_stage));
    analysis.measure_edges(*engine);

    engine->sync_all_transfers();
    engine->start_async_download_positions();
    report.mean_way = trail.mean_way(*engine);
    report.trail_samples = trail.sample_count();
    report.trail_bytes = trail.bytes();
    report.positions = engine->wait_for_download_positions();
    if (report.positions != engine->get_node_positions()) {
        throw std::logic_error("the last download is not the state of the layout");
    }
    report_memory(*engine, report);
    report.device_bytes = engine->kernels().memory_in_use();
    return report;
}

}  // namespace package_map
