// SPDX-License-Identifier: Apache-2.0
#include "client.hpp"
#include "utils/unified_gpu_compute.hpp"

namespace {

void positions(utils::UnifiedGPUCompute& graph, float value) {
    const std::vector<float> values(graph.num_nodes, value);
    graph.upload_positions(values, values, values);
}

void show(std::ostream& out, const char* what, const utils::NodeVectors& vectors) {
    print(out, what, std::get<0>(vectors));
    print(out, what, std::get<2>(vectors));
}

}  // namespace

// Only what the originals promise, not how soon a download completes.
void graph_downloads(std::ostream& out) {
    utils::UnifiedGPUCompute graph(3, 0);
    show(out, "none yet", graph.wait_for_download_positions());
    positions(graph, 1);
    show(out, "first", graph.get_node_positions_async());
    positions(graph, 2);
    graph.sync_all_transfers();
    show(out, "as it started", graph.get_node_positions_async());
    positions(graph, 3);
    graph.start_async_download_positions();  // one is pending
    show(out, "waited", graph.wait_for_download_positions());
    show(out, "current", graph.wait_for_download_positions());
    graph.start_async_download_positions();
    graph.swap_buffers();
    show(out, "swapped", graph.wait_for_download_positions());
    graph.swap_buffers();
    graph.start_async_download_positions();
    graph.start_async_download_velocities();
    graph.resize_buffers(5, 0);
    show(out, "resized", graph.wait_for_download_positions());
    show(out, "velocities", graph.get_node_velocities_async());
    graph.sync_all_transfers();
    graph.resize_buffers(2, 0);
    show(out, "shrunk", graph.wait_for_download_positions());
    for (int frame = 0; frame < 20; ++frame) {
        positions(graph, static_cast<float>(frame));
        graph.start_async_download_positions();
        show(out, "frame", graph.wait_for_download_positions());
    }
    graph.start_async_download_positions();
}
