#include "layout_engine.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "device_arrays.hpp"

namespace package_map {

namespace {

// A fraction between -1 and 1 that depends on the number alone.
float scattered(std::size_t number) {
    auto bits = static_cast<std::uint32_t>(number) * 2654435761U;
    bits = (bits ^ (bits >> 15)) * 2246822519U;
    bits = (bits ^ (bits >> 13)) * 3266489917U;
    return static_cast<float>((bits ^ (bits >> 16)) & 0xFFFFU) / 32767.5F - 1.0F;
}

// New nodes start beside the neighbours that already have a place; without any, in a disc around the origin.
void place_new_nodes(utils::NodeVectors& positions, std::size_t placed, const CompressedRows& rows) {
    auto& [x, y, z] = positions;
    const std::size_t count = rows.offsets.size() - 1;
    const float radius = 12.0F * std::sqrt(static_cast<float>(count));
    for (std::size_t node = placed; node < count; ++node) {
        float sum_x = 0.0F;
        float sum_y = 0.0F;
        float neighbours = 0.0F;
        for (std::int32_t edge = rows.offsets[node]; edge < rows.offsets[node + 1]; ++edge) {
            const auto other = static_cast<std::size_t>(rows.columns[static_cast<std::size_t>(edge)]);
            if (other < node) {
                sum_x += x[other];
                sum_y += y[other];
                neighbours += 1.0F;
            }
        }
        const float spread = neighbours > 0.0F ? 0.12F * radius : radius;
        x[node] = sum_x / std::max(neighbours, 1.0F) + spread * scattered(3 * node);
        y[node] = sum_y / std::max(neighbours, 1.0F) + spread * scattered(3 * node + 1);
        z[node] = 0.05F * radius * scattered(3 * node + 2);
    }
}

// A node weighs more the more links it has, and then pushes harder.
std::vector<float> masses_of(const CompressedRows& rows) {
    std::vector<float> masses;
    for (std::size_t node = 0; node + 1 < rows.offsets.size(); ++node) {
        masses.push_back(1.0F + std::sqrt(static_cast<float>(rows.offsets[node + 1] - rows.offsets[node])));
    }
    return masses;
}

}  // namespace

LayoutEngine::LayoutEngine(std::size_t nodes, std::size_t edges, gpu::DynamicBufferManager& buffers)
    : UnifiedGPUCompute(nodes, edges),
      grid_(buffers),
      kernels_(select_kernels(this->pos_in_x.as_device_ptr())),
      errors_(utils::get_global_cuda_error_handler()),
      mobility_(FloatArray::filled(nodes, 1.0F)) {}

void LayoutEngine::load_nodes(const PackageGraph& graph, std::size_t count) {
    const CompressedRows rows = graph.rows(count);
    if (count > num_nodes || rows.columns.size() > edge_col_indices.len()) {
        resize_buffers(count, rows.columns.size());
    }
    stream().synchronize();
    upload_edges_csr(rows.offsets, rows.columns, rows.weights);
    write_front(this->mass, masses_of(rows), 1.0F);

    utils::NodeVectors positions = get_node_positions();
    place_new_nodes(positions, placed_, rows);
    upload_positions(std::get<0>(positions), std::get<1>(positions), std::get<2>(positions));
    const std::vector<float> still(count, 0.0F);
    upload_velocities(still, still, still);

    // What has found its place gives way slowly to what is new.
    std::vector<float> mobility(count, 1.0F);
    std::fill_n(mobility.begin(), placed_, 0.6F);
    mobility_ = FloatArray::from_slice(mobility);
    placed_ = count;
    grid_.resize(count, kernels_);
}

void LayoutEngine::execute_physics_step(const LayoutSettings& settings) {
    const NodeArrays nodes = node_arrays();
    const GridArrays grid = grid_.arrays();
    const ForceArrays forces = grid_.forces();
    void* const queue = stream().handle();
    kernels_.build_grid(nodes, grid, queue);
    kernels_.compute_forces(nodes, edge_arrays(), grid, forces, settings, queue);
    kernels_.move_nodes(nodes, forces, settings, queue);
    errors_->check_error("layout step");
    utils::UnifiedGPUCompute& buffers = *this;
    buffers.swap_buffers();
}

NodeArrays LayoutEngine::node_arrays() {
    NodeArrays nodes{};
    nodes.count = static_cast<std::uint32_t>(num_nodes);
    nodes.x = pos_in_x.as_device_ptr();
    nodes.y = pos_in_y.as_device_ptr();
    nodes.z = pos_in_z.as_device_ptr();
    nodes.velocity_x = this->vel_in_x.as_device_ptr();
    nodes.velocity_y = this->vel_in_y.as_device_ptr();
    nodes.velocity_z = this->vel_in_z.as_device_ptr();
    nodes.mass = mass.as_device_ptr();
    nodes.mobility = mobility_.as_device_ptr();
    nodes.next_x = pos_out_x.as_device_ptr();
    nodes.next_y = pos_out_y.as_device_ptr();
    nodes.next_z = pos_out_z.as_device_ptr();
    nodes.next_velocity_x = this->vel_out_x.as_device_ptr();
    nodes.next_velocity_y = this->vel_out_y.as_device_ptr();
    nodes.next_velocity_z = this->vel_out_z.as_device_ptr();
    return nodes;
}

EdgeArrays LayoutEngine::edge_arrays() const {
    return {edge_row_offsets.as_device_ptr(), edge_col_indices.as_device_ptr(), edge_weights.as_device_ptr()};
}

}  // namespace package_map
