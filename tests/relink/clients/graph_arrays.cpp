// SPDX-License-Identifier: Apache-2.0
#include "client.hpp"
#include "utils/unified_gpu_compute.hpp"

namespace {

class Layout : public utils::UnifiedGPUCompute {
  public:
    Layout(std::size_t nodes, std::size_t edges) : UnifiedGPUCompute(nodes, edges) {}

    void show(std::ostream& out) {
        out << num_nodes << ' ' << num_edges << ' ' << pos_in_x.len() << ' ' << edge_row_offsets.len() << ' '
            << edge_col_indices.len() << '\n';
        const auto [x, y, z] = get_node_positions();
        print(out, "x", x), print(out, "y", y), print(out, "z", z);
        const auto velocities = get_node_velocities();
        print(out, "vy", std::get<1>(velocities));
        std::vector<float> masses(mass.len());
        mass.copy_to(masses);
        masses.resize(num_nodes);
        print(out, "mass", masses);
        std::vector<std::int32_t> offsets(edge_row_offsets.len());
        edge_row_offsets.copy_to(offsets);
        offsets.resize(num_nodes + 1);
        print(out, "offsets", offsets);
        std::vector<float> weights(edge_weights.len());
        edge_weights.copy_to(weights);
        print(out, "weights", weights);
        const auto [used, share, resizes] = get_memory_metrics();
        out << used << ' ' << share << ' ' << resizes << '\n';
    }
};

}  // namespace

void graph_arrays(std::ostream& out) {
    Layout layout(4, 5);
    layout.show(out);
    layout.upload_positions({1, 2, 3, 4}, {5, 6, 7, 8}, {9, 10, 11, 12});
    layout.upload_velocities({1, 1, 1, 1}, {2, 2, 2, 2}, {3, 3, 3, 3});
    layout.upload_edges_csr({0, 1, 2, 3, 3}, {1, 2, 3}, {0.5F, 0.25F, 0.125F});
    layout.mass.copy_from({4, 3, 2, 5});
    layout.show(out);
    layout.swap_buffers();
    layout.show(out);
    layout.swap_buffers();
    const std::size_t sizes[][2] = {{6, 5}, {6, 6}, {3, 2}, {9, 9}, {4, 1}, {0, 0}, {2, 20}};
    for (const auto& size : sizes) {
        layout.resize_buffers(size[0], size[1]);
        layout.show(out);
    }
    Layout nothing(0, 0);
    nothing.show(out);
}
