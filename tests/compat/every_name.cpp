// SPDX-License-Identifier: Apache-2.0
// Every name of the legacy headers, one use a line; the comment says which ids a compiler must name there, "-" for none.
#include "gpu/dynamic_buffer_manager.hpp"
#include "utils/cuda_error_handling.hpp"
#include "utils/device_buffer.hpp"
#include "utils/gpu_memory.hpp"
#include "utils/unified_gpu_compute.hpp"

using Floats = std::vector<float>;

void gpu_memory(std::shared_ptr<utils::CudaErrorHandler> handler) {  // -
    auto made = utils::create_managed_buffer<float>(3, "a");  // 1001
    auto copied = utils::create_managed_buffer_from_slice(Floats(3), "b");  // 1002
    utils::ManagedDeviceBuffer<float>* pointer = &made;  // 1003
    auto& array = made.as_device_buffer();  // 1003
    auto& changed = made.as_device_buffer_mut();  // 1003
    (void)made.name();  // 1003
    (void)made.size_bytes();  // 1003
    (void)utils::check_gpu_memory_leaks();  // 1004
    (void)utils::get_gpu_memory_usage();  // 1005
    utils::MultiStreamManager streams;  // 1006
    auto& compute = streams.get_compute_stream();  // 1006
    (void)streams.get_memory_stream();  // 1006
    (void)streams.get_analysis_stream();  // 1006
    (void)streams.get_next_stream();  // 1006
    streams.synchronize_all();  // 1006
    (void)streams.synchronize_async();  // 1006
    utils::LabelMappingCache cache;  // 1007
    utils::LabelMappingCache::Labels labels;  // 1007
    (void)cache.get_or_compute_mapping(labels, [](const auto& same) { return same; });  // 1007
    (void)cache.get_cache_stats();  // 1007
    utils::detail::TrackedName tracked("c", 1);  // 1003
    (void)tracked.name();  // 1003
    (void)tracked.size_bytes();  // 1003
    auto plain = utils::DeviceBuffer<int>::zeroed(1);  // 4001
    (void)utils::DeviceBuffer<int>::filled(1, 2);  // 4001
    (void)utils::DeviceBuffer<int>::from_slice({1});  // 4001
    (void)plain.as_device_ptr();  // 4001
    (void)plain.len();  // 4001
    (void)plain.is_empty();  // 4001
    std::vector<int> one(1);  // -
    plain.copy_from(one);  // 4001
    plain.copy_to(one);  // 4001
    utils::Stream stream;  // 4002
    stream.synchronize();  // 4002
    (void)compute.handle();  // 4002
    utils::detail::DeviceBufferStorage storage;  // 4001
    (void)storage.data();  // 4001
    (void)storage.count();  // 4001
    storage.copy_from_host(nullptr, 0);  // 4001
    storage.copy_to_host(nullptr, 0);  // 4001
    utils::CudaMemoryGuard guard(1, "guard", handler);  // -
    handler->check_error(utils::to_string(utils::CudaError::Unknown));  // -
    (void)pointer, (void)array, (void)changed, (void)copied;  // -
}

void dynamic_buffer_manager() {  // -
    gpu::BufferConfig config;  // 2001
    (void)gpu::BufferConfig::for_positions();  // 2001
    (void)gpu::BufferConfig::for_velocities();  // 2001
    (void)gpu::BufferConfig::for_forces();  // 2001
    (void)gpu::BufferConfig::for_edges();  // 2001
    (void)gpu::BufferConfig::for_grid_cells();  // 2001
    gpu::BufferStats stats{};  // 2002
    gpu::DynamicBufferManager manager(utils::get_global_cuda_error_handler());  // 2003
    auto& buffer = manager.get_or_create_buffer("a", config);  // 2003
    manager.resize_cell_buffers(1);  // 2003
    (void)manager.get_all_stats();  // 2003
    (void)manager.get_total_allocation();  // 2003
    (void)manager.can_allocate(1);  // 2003
    manager.cleanup_unused_buffers();  // 2003
    gpu::DynamicGpuBuffer* pointer = &buffer;  // 2004
    buffer.ensure_capacity(1);  // 2004
    (void)buffer.as_ptr();  // 2004
    (void)buffer.capacity_bytes();  // 2004
    (void)buffer.size_bytes();  // 2004
    buffer.set_size(1);  // 2004
    (void)buffer.is_allocated();  // 2004
    stats = buffer.get_stats();  // 2004
    (void)pointer->name();  // 2004
}

struct Engine : utils::UnifiedGPUCompute {  // 3001 clang
    Engine() : UnifiedGPUCompute(1, 1) {}  // 3001
};

void unified_gpu_compute(Engine& engine) {  // -
    utils::NodeVectors vectors;  // 3002
    auto& stream = engine.stream();  // 3001
    engine.swap_buffers();  // 3001
    engine.resize_buffers(1, 1);  // 3001
    engine.upload_positions({}, {}, {});  // 3001
    engine.upload_velocities({}, {}, {});  // 3001
    engine.upload_edges_csr({}, {}, {});  // 3001
    vectors = engine.get_node_positions();  // 3001
    vectors = engine.get_node_velocities();  // 3001
    vectors = engine.get_node_positions_async();  // 3001
    vectors = engine.get_node_velocities_async();  // 3001
    engine.start_async_download_positions();  // 3001
    engine.start_async_download_velocities();  // 3001
    vectors = engine.wait_for_download_positions();  // 3001
    vectors = engine.wait_for_download_velocities();  // 3001
    engine.sync_all_transfers();  // 3001
    (void)engine.get_memory_metrics();  // 3001
    (void)engine.pos_in_x.len();  // 4001
    (void)stream;  // -
}
