// SPDX-License-Identifier: Apache-2.0
// An application without a GPU writes the arrays itself right after a start; one with a GPU through its members.
#include "client.hpp"
#include "utils/unified_gpu_compute.hpp"

#include <algorithm>

namespace {

void overwrite(utils::DeviceBuffer<float>& array, float value) {
    if (memory_is_the_hosts()) {
        std::fill_n(array.as_device_ptr(), array.len(), value);
    } else {
        array.copy_from(std::vector<float>(array.len(), value));
    }
}

void overwrite(utils::UnifiedGPUCompute& graph, float value) {
    for (auto* array : {&graph.pos_in_x, &graph.pos_in_y, &graph.pos_in_z}) overwrite(*array, value);
}

}  // namespace

void raw_writes(std::ostream& out) {
    utils::UnifiedGPUCompute graph(40000, 0);
    const auto is = [&](const utils::NodeVectors& vectors, float value) {
        const std::vector<float> all(graph.num_nodes, value);
        return vectors == utils::NodeVectors{all, all, all};
    };
    for (int frame = 1; frame <= 20; ++frame) {
        const auto value = static_cast<float>(frame);
        graph.stream().synchronize();
        overwrite(graph, value);
        graph.start_async_download_positions();
        overwrite(graph, -1.0F);
        out << is(graph.wait_for_download_positions(), value);
        overwrite(graph, value + 0.5F);
        static_cast<void>(graph.get_node_positions_async());
        overwrite(graph, -2.0F);
        graph.sync_all_transfers();
        out << is(graph.wait_for_download_positions(), value + 0.5F);
    }
    out << '\n';
}
