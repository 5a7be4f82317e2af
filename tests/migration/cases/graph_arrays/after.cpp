#include <triune/triune.hpp>

#include <cstdio>
#include <functional>

class Layout : public triune::GraphArrays {
  public:
    Layout(std::size_t nodes, std::size_t edges) : GraphArrays(nodes, edges) {}

    void step() {
        triune::GraphArrays& arrays = *this;
        arrays.swap_buffers();
        move(pos_in_x.data(), this->vel_in_x.data(), num_nodes);
        stream().synchronize();
    }
    void grow(std::size_t nodes) {
        if (nodes > num_nodes) resize(nodes, num_edges);
    }

  private:
    static void move(float* position, const float* velocity, std::size_t count) {
        std::printf("%d %d %zu\n", position != nullptr, velocity != nullptr, count);
    }
};

using Callback = std::function<void(const triune::NodeVectors&)>;

float watch(Layout& layout, const Callback& callback) {
    layout.start_positions_download();
    callback(layout.wait_for_positions().to_vectors());
    callback(layout.latest_positions().to_vectors());
    layout.latest_velocities();
    layout.wait_for_downloads();
    const triune::NodeVectors now = layout.download_positions();
    const auto [bytes, utilization, resizes] = layout.memory_metrics();
    return utilization + static_cast<float>(bytes + resizes + std::get<0>(now).size());
}

void print(const triune::NodeVectors& vectors) {
    for (const float each : std::get<0>(vectors)) std::printf("%g ", each);
    for (const float each : std::get<2>(vectors)) std::printf("%g ", each);
    std::puts("");
}

int main() {
    Layout layout(2, 2);
    layout.upload_positions(std::vector<float>{1.0F, 2.0F}, std::vector<float>{3.0F, 4.0F}, std::vector<float>{5.0F, 6.0F});
    layout.upload_velocities(std::vector<float>{1.5F, 2.5F}, std::vector<float>{3.5F, 4.5F}, std::vector<float>{5.5F, 6.5F});
    layout.upload_edges(std::vector<int>{0, 1, 2}, std::vector<int>{1, 0}, std::vector<float>{0.5F, 0.25F});
    layout.start_positions_download();
    print(layout.wait_for_positions().to_vectors());
    layout.start_velocities_download();
    print(layout.wait_for_velocities().to_vectors());
    std::printf("%g\n", watch(layout, print));
    layout.wait_for_downloads();
    print(layout.latest_positions().to_vectors());
    print(layout.download_positions());
    print(layout.download_velocities());
    layout.step();
    layout.grow(3);
    print(layout.download_positions());
    std::vector<std::int32_t> rows(layout.edge_row_offsets.size());
    std::vector<std::int32_t> columns(layout.edge_col_indices.size());
    std::vector<float> weights(layout.edge_weights.size());
    layout.edge_col_indices.download(columns);
    layout.edge_weights.download(weights);
    for (const auto* array : {&layout.pos_in_y, &layout.pos_in_z, &layout.vel_in_y, &layout.vel_in_z, &layout.pos_out_x,
                              &layout.pos_out_y, &layout.pos_out_z, &layout.vel_out_x, &layout.vel_out_y, &layout.vel_out_z}) {
        std::printf("%zu ", array->size());
    }
    std::printf("%zu %zu %zu %d %g %zu\n", layout.num_nodes, layout.num_edges, rows.size(), columns[0], weights[1],
                layout.mass.size());
}
