#include "gpu/dynamic_buffer_manager.hpp"

#include <cstdio>

struct Settings {
    gpu::BufferConfig buffers;
    gpu::BufferConfig edges = gpu::BufferConfig::for_edges();
};

gpu::BufferConfig given(gpu::BufferConfig config = {}) { return config; }

gpu::BufferConfig all() {
    static gpu::BufferConfig shared;
    const gpu::BufferConfig partial{16, 2.0F};
    const gpu::BufferConfig full{16, 2.0F, 1024, 64};
    shared = gpu::BufferConfig();
    return full.growth_factor > partial.growth_factor ? given() : shared;
}

void print(const gpu::BufferConfig& config) {
    std::printf("%zu %g %zu %zu\n", config.bytes_per_node, config.growth_factor, config.max_size_bytes, config.min_size_bytes);
}

int main() {
    const Settings settings;
    print(settings.buffers);
    print(settings.edges);
    print(given());
    print(all());
    print(gpu::BufferConfig{16, 2.0F});
    for (const auto& preset : {gpu::BufferConfig::for_positions(), gpu::BufferConfig::for_velocities(),
                               gpu::BufferConfig::for_forces(), gpu::BufferConfig::for_grid_cells()}) {
        print(preset);
    }
}
