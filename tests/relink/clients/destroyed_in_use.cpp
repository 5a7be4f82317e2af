// SPDX-License-Identifier: Apache-2.0
// Memory that goes while work queued before still uses it serves nothing else before that work is done.
#include "client.hpp"
#include "gpu/dynamic_buffer_manager.hpp"
#include "utils/gpu_memory.hpp"
#include "utils/unified_gpu_compute.hpp"

#include <memory>

void destroyed_in_use(std::ostream& out) {
    constexpr std::size_t nodes = 5000;
    const std::vector<float> ones(nodes, 1.0F);
    for (int round = 0; round < 10; ++round) {
        utils::UnifiedGPUCompute graph(nodes, 0);
        graph.upload_positions(ones, ones, ones);
        graph.start_async_download_positions();
        graph.pos_in_x = utils::DeviceBuffer<float>();
        graph.pos_in_y = utils::DeviceBuffer<float>::filled(nodes, 7.0F);
        const auto other = utils::DeviceBuffer<float>::filled(nodes, 9.0F);
        const auto managed = utils::create_managed_buffer<float>(nodes, "in the gap");
        const auto positions = graph.wait_for_download_positions();
        out << (positions == utils::NodeVectors{ones, ones, ones});
        graph.pos_in_x = utils::DeviceBuffer<float>::zeroed(nodes);
        graph.start_async_download_positions();
        graph.resize_buffers(nodes * 2, 10);
        out << std::get<1>(graph.get_node_positions())[nodes - 1] << ' ';
    }
    out << '\n';

    // A blocking call has finished when it returns, whatever stream waits for what.
    utils::MultiStreamManager streams;
    auto array = utils::DeviceBuffer<std::int32_t>::zeroed(1000);
    std::vector<std::int32_t> values(1000);
    for (int round = 0; round < 50; ++round) {
        array.copy_from(std::vector<std::int32_t>(1000, round));
        streams.get_next_stream().synchronize();
        array.copy_to(values);
        if (values.front() != round || values.back() != round) out << "stale in round " << round << '\n';
    }
    gpu::DynamicGpuBuffer buffer("grown again and again", {4, 1.3F, std::size_t{1} << 30, 16}, nullptr);
    for (std::size_t size = 1; size < 100000; size *= 3) buffer.ensure_capacity(size);
    out << buffer.capacity_bytes() << '\n';
}
