#include <cstdio>
#include <utility>

#include "utils/unified_gpu_compute.hpp"

class Layout : public utils::UnifiedGPUCompute {
  public:
    using UnifiedGPUCompute::UnifiedGPUCompute;
    using utils::UnifiedGPUCompute::resize_buffers;
    void finish() { utils::UnifiedGPUCompute::sync_all_transfers(); }
};

class Nested : public Layout {
  public:
    using Layout::Layout;
    utils::NodeVectors now() { return Layout::get_node_positions_async(); }
};

std::pair<float*, std::size_t> front(Nested& layout) {
    layout.resize_buffers(4, 4);
    auto finish = [&layout] { layout.sync_all_transfers(); };
    finish();
    return {layout.pos_in_x.as_device_ptr(), std::get<0>(layout.now()).size()};
}

int main() {
    Nested layout(2, 1);
    const auto [x, count] = front(layout);
    std::printf("%d %zu %zu\n", x != nullptr, count, layout.num_nodes);
}
