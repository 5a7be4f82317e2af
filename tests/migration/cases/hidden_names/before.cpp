#include "utils/gpu_memory.hpp"
#include "utils/unified_gpu_compute.hpp"

#include <cstdio>

// The program's own function has the name that the base's gets: unqualified, it would call itself.
class Layout : public utils::UnifiedGPUCompute {
  public:
    using UnifiedGPUCompute::UnifiedGPUCompute;
    void resize(std::size_t nodes, std::size_t edges) {
        ++resizes;
        resize_buffers(nodes, edges);
    }
    float latest_positions() { return std::get<0>(get_node_positions_async())[0]; }
    int resizes = 0;
};

class Streams : public utils::MultiStreamManager {
  public:
    bool differ() const {
        const auto& compute = get_compute_stream();
        return compute.handle() != get_memory_stream().handle();
    }
};

void grow(Layout& layout) { layout.resize_buffers(8, 8); }

int main() {
    Layout layout(2, 1);
    layout.resize(4, 4);
    grow(layout);
    std::printf("%d %zu %g %d\n", layout.resizes, layout.num_nodes, layout.latest_positions(), Streams().differ());
}
