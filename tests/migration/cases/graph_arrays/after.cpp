#include <triune/triune.hpp>

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
    static void move(float* position, const float* velocity, std::size_t count);
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
