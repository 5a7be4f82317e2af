#include "utils/unified_gpu_compute.hpp"

#include <cstdio>
#include <functional>

class Layout : public utils::UnifiedGPUCompute {
  public:
    Layout(std::size_t nodes, std::size_t edges) : UnifiedGPUCompute(nodes, edges) {}

    void step() {
        utils::UnifiedGPUCompute& arrays = *this;
        arrays.swap_buffers();
        move(pos_in_x.as_device_ptr(), this->vel_in_x.as_device_ptr(), num_nodes);
        stream().synchronize();
    }
    void grow(std::size_t nodes) {
        if (nodes > num_nodes) resize_buffers(nodes, num_edges);
    }

  private:
    static void move(float* position, const float* velocity, std::size_t count) {
        std::printf("%d %d %zu\n", position != nullptr, velocity != nullptr, count);
    }
};

using Callback = std::function<void(const utils::NodeVectors&)>;

float watch(Layout& layout, const Callback& callback) {
    layout.start_async_download_positions();
    callback(layout.wait_for_download_positions());
    callback(layout.get_node_positions_async());
    layout.get_node_velocities_async();
    layout.sync_all_transfers();
    const utils::NodeVectors now = layout.get_node_positions();
    const auto [bytes, utilization, resizes] = layout.get_memory_metrics();
    return utilization + static_cast<float>(bytes + resizes + std::get<0>(now).size());
}

void print(const utils::NodeVectors& vectors) {
    for (const float each : std::get<0>(vectors)) std::printf("%g ", each);
    for (const float each : std::get<2>(vectors)) std::printf("%g ", each);
    std::puts("");
}

int main() {
    Layout layout(2, 2);
    layout.upload_positions({1.0F, 2.0F}, {3.0F, 4.0F}, {5.0F, 6.0F});
    layout.upload_velocities({1.5F, 2.5F}, {3.5F, 4.5F}, {5.5F, 6.5F});
    layout.upload_edges_csr({0, 1, 2}, {1, 0}, {0.5F, 0.25F});
    layout.start_async_download_positions();
    print(layout.wait_for_download_positions());
    layout.start_async_download_velocities();
    print(layout.wait_for_download_velocities());
    std::printf("%g\n", watch(layout, print));
    layout.sync_all_transfers();
    print(layout.get_node_positions_async());
    print(layout.get_node_positions());
    print(layout.get_node_velocities());
    layout.step();
    layout.grow(3);
    print(layout.get_node_positions());
    std::vector<std::int32_t> rows(layout.edge_row_offsets.len());
    std::vector<std::int32_t> columns(layout.edge_col_indices.len());
    std::vector<float> weights(layout.edge_weights.len());
    layout.edge_col_indices.copy_to(columns);
    layout.edge_weights.copy_to(weights);
    for (const auto* array : {&layout.pos_in_y, &layout.pos_in_z, &layout.vel_in_y, &layout.vel_in_z, &layout.pos_out_x,
                              &layout.pos_out_y, &layout.pos_out_z, &layout.vel_out_x, &layout.vel_out_y, &layout.vel_out_z}) {
        std::printf("%zu ", array->len());
    }
    std::printf("%zu %zu %zu %d %g %zu\n", layout.num_nodes, layout.num_edges, rows.size(), columns[0], weights[1],
                layout.mass.len());
}
