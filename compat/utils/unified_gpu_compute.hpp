// SPDX-License-Identifier: Apache-2.0
// Deprecated: legacy module 3 of 3, the memory half of the physics engine, with the async position and velocity downloads
// embedded in it. The kernels stay with the application, which launches them on the public device buffers. Use
// <triune/triune.hpp>.
#pragma once

#include "utils/cuda_error_handling.hpp"
#include "utils/device_buffer.hpp"
#include "utils/triune_deprecation.hpp"

#include <cstddef>
#include <cstdint>
#include <tuple>
#include <vector>

TRIUNE_QUIET_BEGIN

namespace utils {

using NodeVectors TRIUNE_DEPRECATED_UNIFIED_GPU_COMPUTE("3002", "triune::NodeVectors") =
    std::tuple<std::vector<float>, std::vector<float>, std::vector<float>>;  // x, y, z

class TRIUNE_DEPRECATED_UNIFIED_GPU_COMPUTE("3001", "triune::GraphArrays") UnifiedGPUCompute {
public:
    TRIUNE_DEPRECATED_UNIFIED_GPU_COMPUTE("3001", "triune::GraphArrays")
    UnifiedGPUCompute(std::size_t num_nodes, std::size_t num_edges);
    virtual ~UnifiedGPUCompute();
    UnifiedGPUCompute(const UnifiedGPUCompute&) = delete;
    UnifiedGPUCompute& operator=(const UnifiedGPUCompute&) = delete;

    // Node data. Kernels read *_in and write *_out, then swap_buffers() exchanges them.
    DeviceBuffer<float> pos_in_x, pos_in_y, pos_in_z;
    DeviceBuffer<float> vel_in_x, vel_in_y, vel_in_z;
    DeviceBuffer<float> pos_out_x, pos_out_y, pos_out_z;
    DeviceBuffer<float> vel_out_x, vel_out_y, vel_out_z;
    DeviceBuffer<float> mass;

    // Edges, compressed sparse rows.
    DeviceBuffer<std::int32_t> edge_row_offsets;
    DeviceBuffer<std::int32_t> edge_col_indices;
    DeviceBuffer<float> edge_weights;

    std::size_t num_nodes;
    std::size_t num_edges;

    TRIUNE_DEPRECATED_UNIFIED_GPU_COMPUTE("3001", "triune::GraphArrays::stream()")
    const Stream& stream() const noexcept;  // the compute stream
    TRIUNE_DEPRECATED_UNIFIED_GPU_COMPUTE("3001", "triune::GraphArrays::swap_buffers()")
    void swap_buffers() noexcept;
    TRIUNE_DEPRECATED_UNIFIED_GPU_COMPUTE("3001", "triune::GraphArrays::resize(nodes, edges)")
    void resize_buffers(std::size_t new_num_nodes, std::size_t new_num_edges);

    // Blocking. Throw CudaException (InvalidValue on a length mismatch).
    TRIUNE_DEPRECATED_UNIFIED_GPU_COMPUTE("3001", "triune::GraphArrays::upload_positions(x, y, z)")
    void upload_positions(const std::vector<float>& x, const std::vector<float>& y, const std::vector<float>& z);
    TRIUNE_DEPRECATED_UNIFIED_GPU_COMPUTE("3001", "triune::GraphArrays::upload_velocities(x, y, z)")
    void upload_velocities(const std::vector<float>& x, const std::vector<float>& y, const std::vector<float>& z);
    TRIUNE_DEPRECATED_UNIFIED_GPU_COMPUTE("3001", "triune::GraphArrays::upload_edges(row_offsets, col_indices, weights)")
    void upload_edges_csr(const std::vector<std::int32_t>& row_offsets, const std::vector<std::int32_t>& col_indices,
                          const std::vector<float>& weights);
    TRIUNE_DEPRECATED_UNIFIED_GPU_COMPUTE("3001", "triune::GraphArrays::download_positions()")
    NodeVectors get_node_positions();
    TRIUNE_DEPRECATED_UNIFIED_GPU_COMPUTE("3001", "triune::GraphArrays::download_velocities()")
    NodeVectors get_node_velocities();

    // Returns at once with the newest completed snapshot and keeps one download in flight.
    TRIUNE_DEPRECATED_UNIFIED_GPU_COMPUTE("3001", "triune::GraphArrays::latest_positions().to_vectors()")
    NodeVectors get_node_positions_async();
    TRIUNE_DEPRECATED_UNIFIED_GPU_COMPUTE("3001", "triune::GraphArrays::latest_velocities().to_vectors()")
    NodeVectors get_node_velocities_async();

    // Start, do other work, wait.
    TRIUNE_DEPRECATED_UNIFIED_GPU_COMPUTE("3001", "triune::GraphArrays::start_positions_download()")
    void start_async_download_positions();
    TRIUNE_DEPRECATED_UNIFIED_GPU_COMPUTE("3001", "triune::GraphArrays::start_velocities_download()")
    void start_async_download_velocities();
    TRIUNE_DEPRECATED_UNIFIED_GPU_COMPUTE("3001", "triune::GraphArrays::wait_for_positions().to_vectors()")
    NodeVectors wait_for_download_positions();
    TRIUNE_DEPRECATED_UNIFIED_GPU_COMPUTE("3001", "triune::GraphArrays::wait_for_velocities().to_vectors()")
    NodeVectors wait_for_download_velocities();
    TRIUNE_DEPRECATED_UNIFIED_GPU_COMPUTE("3001", "triune::GraphArrays::wait_for_downloads()")
    void sync_all_transfers();

    TRIUNE_DEPRECATED_UNIFIED_GPU_COMPUTE("3001", "triune::GraphArrays::memory_metrics()")
    std::tuple<std::size_t, float, std::size_t> get_memory_metrics() const;  // bytes used, utilization, resizes

private:
    struct Impl;
    Impl* impl_;
};

}  // namespace utils

TRIUNE_QUIET_END
