#include "gpu/dynamic_buffer_manager.hpp"

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
