// SPDX-License-Identifier: Apache-2.0
// What a viewer sees that asks each frame: how soon a snapshot lands is nobody's promise, the rest is.
#include "client.hpp"
#include "utils/unified_gpu_compute.hpp"

void frame_loop(std::ostream& out) {
    constexpr std::size_t nodes = 3000;
    constexpr int frames = 300;
    utils::UnifiedGPUCompute graph(nodes, 0);
    float newest = 0.0F;
    int torn = 0, older = 0, own = 0, short_answers = 0;
    for (int frame = 1; frame <= frames; ++frame) {
        const std::vector<float> now(nodes, static_cast<float>(frame));
        graph.upload_positions(now, now, now);
        graph.upload_velocities(now, now, now);
        const auto [x, y, z] = graph.get_node_positions_async();
        const auto velocities = graph.get_node_velocities_async();
        short_answers += x.size() != nodes || std::get<2>(velocities).size() != nodes;
        torn += x != std::vector<float>(nodes, x[0]) || y != x || z != x;
        older += x[0] < newest;
        own += x[0] >= static_cast<float>(frame);
        newest = x[0];
    }
    out << "torn " << torn << ", older " << older << ", own " << own << ", short " << short_answers << '\n';
    graph.sync_all_transfers();
    out << "after the last one: " << std::get<1>(graph.get_node_positions_async())[nodes / 2] << '\n';
}
