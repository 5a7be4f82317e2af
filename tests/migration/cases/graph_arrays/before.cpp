#include "utils/unified_gpu_compute.hpp"

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
    static void move(float* position, const float* velocity, std::size_t count);
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
