// SPDX-License-Identifier: Apache-2.0
// Nothing, of everything: 0 bytes, elements or edges make something empty, and any string is a name.
#include "client.hpp"
#include "gpu/dynamic_buffer_manager.hpp"
#include "utils/gpu_memory.hpp"
#include "utils/unified_gpu_compute.hpp"

void nothing(std::ostream& out) {
    std::vector<float> none;
    auto empty = utils::DeviceBuffer<float>::zeroed(0);
    empty.copy_from(none);
    empty.copy_to(none);
    out << empty.is_empty() << utils::DeviceBuffer<float>().is_empty() << (empty.as_device_ptr() == nullptr)
        << utils::DeviceBuffer<float>::filled(0, 1.0F).len() << utils::DeviceBuffer<float>::from_slice(none).len()
        << '\n';
    const auto managed = utils::create_managed_buffer<double>(0, "");
    const auto odd =
        utils::create_managed_buffer_from_slice(std::vector<int>(), "a name,\twith 'all' \"sorts\" \xC3\xA9");
    const auto usage = utils::get_gpu_memory_usage();
    out << usage.first << ' ' << usage.second.size() << ' ' << usage.second.count("") << ' '
        << usage.second.count(odd.name()) << ' ' << managed.as_device_buffer().is_empty() << '\n';
    const utils::CudaMemoryGuard guard(0, "", nullptr);
    guard.copy_from_host(nullptr, 0);
    guard.copy_to_host(nullptr, 0);
    out << guard.size() << (guard.as_ptr() == nullptr) << '\n';
    gpu::DynamicBufferManager manager(nullptr);
    gpu::DynamicGpuBuffer& unnamed = manager.get_or_create_buffer("", {});
    unnamed.ensure_capacity(0);
    unnamed.set_size(0);
    out << unnamed.is_allocated() << unnamed.capacity_bytes() << unnamed.name().size() << manager.get_all_stats().size()
        << '\n';
    manager.resize_cell_buffers(0);
    out << manager.get_or_create_buffer("pos_x", {}).capacity_bytes() << ' '
        << manager.get_or_create_buffer("cell_start", {}).capacity_bytes() << '\n';
    utils::UnifiedGPUCompute graph(0, 0);
    graph.upload_positions({}, {}, {});
    graph.upload_edges_csr({0}, {}, {});
    graph.swap_buffers();
    out << std::get<0>(graph.get_node_positions_async()).size()
        << std::get<0>(graph.wait_for_download_velocities()).size() << graph.edge_row_offsets.len() << ' '
        << std::get<0>(graph.get_memory_metrics()) << '\n';
    graph.resize_buffers(0, 0);
    graph.resize_buffers(1, 1);
    out << graph.pos_in_x.len() << graph.edge_weights.len() << '\n';
}
