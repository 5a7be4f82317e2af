// SPDX-License-Identifier: Apache-2.0
// What applications of the legacy modules wait for. Knows the frozen headers alone, so that the same object files are
// linked with the legacy library and with the facades. compat.py runs both and prints a table.
//   client NODES [DIVISOR]    every case at so many nodes, 1/DIVISOR as often
// Prints lines "case microseconds", one a sample.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <memory>

#include "frame_work.hpp"
#include "gpu/dynamic_buffer_manager.hpp"
#include "utils/gpu_memory.hpp"
#include "utils/unified_gpu_compute.hpp"

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t edges_a_node = 5;
constexpr std::size_t gibibyte = std::size_t{1} << 30;
constexpr double link_bytes_a_microsecond = 55e3;  // of a PCIe 5 link: what a frame's kernel is scaled by

// Runs `work` and prints how long it took.
template <typename Work>
void sample(const char* name, Work&& work) {
    const Clock::time_point start = Clock::now();
    work();
    const double microseconds = std::chrono::duration<double, std::micro>(Clock::now() - start).count();
    std::printf("%s %.2f\n", name, microseconds);
}

void create(std::size_t nodes) {
    std::unique_ptr<utils::UnifiedGPUCompute> graph;
    sample("graph_create", [&] { graph = std::make_unique<utils::UnifiedGPUCompute>(nodes, edges_a_node * nodes); });
    sample("graph_destroy", [&] { graph.reset(); });
    std::unique_ptr<utils::ManagedDeviceBuffer<float>> buffer;
    sample("managed_create", [&] {
        buffer =
            std::make_unique<utils::ManagedDeviceBuffer<float>>(utils::create_managed_buffer<float>(nodes, "made"));
    });
    sample("managed_destroy", [&] { buffer.reset(); });
}

void grow(std::size_t nodes) {
    gpu::DynamicGpuBuffer buffer("grown", {12, 1.3F, 16 * gibibyte, 4096}, nullptr);
    sample("buffer_first", [&] { buffer.ensure_capacity(nodes); });
    buffer.set_size(buffer.capacity_bytes());
    sample("buffer_grow", [&] { buffer.ensure_capacity(nodes + 1); });
    gpu::DynamicBufferManager buffers(nullptr);
    sample("cells_first", [&] { buffers.resize_cell_buffers(nodes); });
    for (const auto& stats : buffers.get_all_stats())
        buffers.get_or_create_buffer(stats.name, {}).set_size(stats.capacity_bytes);
    sample("cells_grow", [&] { buffers.resize_cell_buffers(nodes + 1); });
    utils::UnifiedGPUCompute graph(nodes, edges_a_node * nodes);
    sample("graph_grow", [&] { graph.resize_buffers(nodes + 1, edges_a_node * nodes + 1); });
}

// One frame of a viewer: physics, swap, the newest positions.
void run_frames(utils::UnifiedGPUCompute& graph, int frames, double kernel_microseconds, const char* call,
                const char* frame) {
    for (int number = 0; number < frames; ++number) {
        sample(frame, [&] {
            queue_frame_work(
                {{graph.pos_in_x.as_device_ptr(), graph.pos_in_y.as_device_ptr(), graph.pos_in_z.as_device_ptr()},
                 {graph.pos_out_x.as_device_ptr(), graph.pos_out_y.as_device_ptr(), graph.pos_out_z.as_device_ptr()},
                 graph.num_nodes},
                kernel_microseconds, graph.stream().handle());
            graph.swap_buffers();
            utils::NodeVectors positions;
            sample(call, [&] { positions = graph.get_node_positions_async(); });
            if (std::get<2>(positions).size() != graph.num_nodes) std::exit(1);
        });
    }
    graph.stream().synchronize();
    graph.sync_all_transfers();
}

void frame_loop(std::size_t nodes, int frames) {
    utils::UnifiedGPUCompute graph(nodes, 0);
    const double copy_microseconds = 12.0 * static_cast<double>(nodes) / link_bytes_a_microsecond;
    run_frames(graph, 3, 0.0, "warm_call", "warm_frame");
    run_frames(graph, frames, 0.0, "call_light", "frame_light");
    run_frames(graph, frames, 50.0 + 2.0 * copy_microseconds, "call_busy", "frame_busy");
}

int repetitions(std::size_t nodes, int divisor) {
    const int whole = nodes >= 5'000'000 ? 8 : nodes >= 500'000 ? 20 : 40;
    return whole / divisor > 0 ? whole / divisor : 1;
}

}  // namespace

int main(int argc, char** argv) {
    const auto nodes = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 0;
    const int divisor = argc > 2 ? std::atoi(argv[2]) : 1;
    if (nodes == 0 || divisor < 1) {
        std::fprintf(stderr, "usage: client NODES [DIVISOR]\n");
        return 2;
    }
    try {
        // The first of all pays for what the process makes once.
        sample("first_graph", [&] { utils::UnifiedGPUCompute(nodes, edges_a_node * nodes); });
        const int times = repetitions(nodes, divisor);
        for (int i = 0; i < times; ++i) create(nodes);
        for (int i = 0; i < times; ++i) grow(nodes);
        frame_loop(nodes, times * 5);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "client: %s\n", error.what());
        return 1;
    }
    return 0;
}
