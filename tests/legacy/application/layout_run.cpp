#include "layout_run.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <tuple>
#include <utility>

#include "checkpoint.hpp"
#include "device_retry.hpp"
#include "frame_server.hpp"

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

// One viewer of all and one of the middle, who looks at what it gets, and one who does not stay.
void serve_viewers(FrameServer& server, const utils::UnifiedGPUCompute& compute, ViewerReport& report) {
    server.subscribe([](const PackedFrame&) {}, 25);
    Viewport middle;
    middle.half_width = 400.0F;
    server.subscribe(
        [&report, &compute](const PackedFrame& packed) {
            const auto places = unpack_frame(packed);
            report.last_nodes = places.first.size();
            if (report.last_nodes > compute.num_nodes) {
                throw std::logic_error("a viewer got nodes that are not there");
            }
            for (std::size_t node = 0; node < report.last_nodes; ++node) {
                report.last_reach = std::max(report.last_reach, std::hypot(places.first[node], places.second[node]));
            }
        },
        60, middle);
    const int impatient = server.subscribe([](const PackedFrame&) {}, 1);
    server.unsubscribe(impatient);
}

// Shares of the nodes by distance, in as many rings as the device has room for.
std::vector<float> ring_shares(const utils::NodeVectors& positions, DeviceRetry& retry) {
    constexpr std::size_t kRings = 16;
    std::optional<utils::DeviceBuffer<float>> rings = retry.as_many_as_fit<float>(kRings);
    if (!rings) {
        return {};
    }
    std::vector<float> shares(rings->len(), 0.0F);
    const auto& [x, y, z] = positions;
    float most = 1.0F;
    for (std::size_t node = 0; node < x.size(); ++node) {
        most = std::max(most, std::hypot(x[node], y[node], z[node]));
    }
    for (std::size_t node = 0; node < x.size(); ++node) {
        const float place = std::hypot(x[node], y[node], z[node]) / most * static_cast<float>(shares.size());
        shares[std::min(static_cast<std::size_t>(place), shares.size() - 1)] += 1.0F / static_cast<float>(x.size());
    }
    rings->copy_from(shares);
    std::vector<float> read(rings->len());
    rings->copy_to(read);
    return read;
}

void report_memory(const utils::UnifiedGPUCompute& compute, LayoutReport& report) {
    const auto [bytes, utilization, resizes] = compute.get_memory_metrics();
    report.bytes_used = bytes;
    report.utilization = utilization;
    report.resizes = resizes;
}

}  // namespace

LayoutReport run_layout(const PackageGraph& graph, std::size_t frames, gpu::DynamicBufferManager& buffers,
                        const LayoutCompanions& companions, RunTimes& times, const FrameCallback& on_frame) {
    LayoutAnalysis& analysis = companions.analysis;
    const std::size_t first = part_of(graph.nodes.size(), kStages[0].nodes);
    const auto engine = times.measure(
        "create", [&] { return std::make_unique<LayoutEngine>(first, graph.rows(first).columns.size(), buffers); });
    times.measure("upload", [&] { engine->load_nodes(graph, first); });

    LayoutReport report{};
    report.kernels = engine->kernels().name;
    TrailRecorder trail;
    FrameServer server(*engine);
    serve_viewers(server, *engine, report.viewers);
    companions.memory.sample("created");
    std::size_t next_stage = 1;
    times.measure("frames", [&] {
        for (std::size_t frame = 0; frame < frames; ++frame) {
            while (next_stage < kStages.size() && frame >= part_of(frames, kStages[next_stage].frames)) {
                report.stages.push_back(finish_stage(*engine, analysis, next_stage));
                const std::size_t count = part_of(graph.nodes.size(), kStages[next_stage].nodes);
                times.measure("growth", [&] { engine->load_nodes(graph, count); });
                companions.memory.sample("stage " + std::to_string(next_stage));
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
            server.serve(frame);
        }
        engine->stream().synchronize();
        server.finish();
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
    report.viewers.frames = server.sent_frames();
    report.viewers.bytes = server.sent_bytes();
    report.moving_speed =
        mean_speed_of(*engine, [](utils::UnifiedGPUCompute& compute) { return compute.get_node_velocities(); });
    engine->start_async_download_velocities();
    const auto waited = [](utils::UnifiedGPUCompute& compute) { return compute.wait_for_download_velocities(); };
    if (report.moving_speed != mean_speed_of(*engine, waited)) {
        throw std::logic_error("two ways to the same velocities differ");
    }

    DeviceRetry retry;
    const auto make_room = [&buffers](std::size_t) { buffers.cleanup_unused_buffers(); };
    const Labels communities = analysis.communities();
    for (const auto& [name, grouping] :
         {std::pair<const char*, Grouping>{"communities", by_community}, {"sections", by_section}}) {
        const std::size_t groups = retry.run(
            [&] { return companions.detail.add(name, grouping, communities, report.positions).groups(); }, make_room);
        if (groups > graph.nodes.size()) {
            throw std::logic_error("a level has more groups than nodes");
        }
    }
    report.rings = ring_shares(report.positions, retry);
    const MemoryBalance balance("the checkpoint");
    report.checkpoint_bytes = prove_checkpoint(*engine, companions.checkpoint);
    balance.check();
    const std::vector<float> few(1, 0.0F);
    for (const std::string& refusal : {DeviceRetry::refusal_of([&] { engine->upload_velocities(few, few, {}); }),
                                       DeviceRetry::refusal_of([&] { engine->upload_edges_csr({}, {}, few); }),
                                       DeviceRetry::refusal_of([&] { engine->mass.copy_from({}); }),
                                       DeviceRetry::refusal_of([&] { engine->swap_buffers(); })}) {
        report.refused_calls += refusal.empty() ? 0 : 1;
    }
    engine->swap_buffers();
    companions.memory.sample("finished");
    report_memory(*engine, report);
    report.device_bytes = engine->kernels().memory_in_use();
    return report;
}

}  // namespace package_map
