#include "gpu/dynamic_buffer_manager.hpp"

#include <cstdio>
#include <memory>

class Grid {
  public:
    explicit Grid(std::shared_ptr<utils::CudaErrorHandler> handler)
        : manager_(handler), keys_(manager_.get_or_create_buffer("keys", gpu::BufferConfig::for_grid_cells())),
          trail_("trail", gpu::BufferConfig{}, handler) {}

    void resize(std::size_t count) {
        manager_.resize_cell_buffers(count);
        manager_.get_or_create_buffer("keys", config_).ensure_capacity(count);
        auto& scratch = manager_.get_or_create_buffer("scratch", config_);
        scratch.set_size(count);
        const auto& seen = manager_.get_or_create_buffer("seen", config_);
        trail_.ensure_capacity(seen.size_bytes());
        keys_.set_size(4 * count);
    }
    void* keys() const { return keys_.as_ptr(); }

  private:
    gpu::BufferConfig config_;
    gpu::DynamicBufferManager manager_;
    gpu::DynamicGpuBuffer& keys_;
    gpu::DynamicGpuBuffer trail_;
};

float* floats(const gpu::DynamicGpuBuffer& buffer) { return static_cast<float*>(buffer.as_ptr()); }
void clear(gpu::DynamicGpuBuffer& buffer) { buffer.set_size(0); }

std::size_t run() {
    auto handler = utils::get_global_cuda_error_handler();
    gpu::DynamicBufferManager manager(handler);
    gpu::BufferConfig config;
    config.bytes_per_node = 16;
    auto owned = std::make_unique<gpu::DynamicBufferManager>(utils::get_global_cuda_error_handler());
    owned->resize_cell_buffers(10);
    gpu::DynamicGpuBuffer lone("lone", gpu::BufferConfig{16}, handler);
    lone.ensure_capacity(3);
    clear(manager.get_or_create_buffer("b", config));
    for (const gpu::BufferStats& stats : manager.get_all_stats()) {
        if (stats.used_bytes > 0) return stats.capacity_bytes;
    }
    manager.cleanup_unused_buffers();
    return manager.can_allocate(1) ? manager.get_total_allocation() : lone.get_stats().used_bytes;
}

int main() {
    Grid grid(utils::get_global_cuda_error_handler());
    std::printf("%d\n", grid.keys() == nullptr);
    grid.resize(100);
    gpu::DynamicGpuBuffer edges("edges", gpu::BufferConfig::for_edges(), utils::get_global_cuda_error_handler());
    edges.ensure_capacity(5);
    std::printf("%d %d %zu\n", grid.keys() == nullptr, floats(edges) == nullptr, run());
    edges.set_size(160);
    const gpu::BufferStats stats = edges.get_stats();
    std::printf("%s %zu %zu %g %zu %d\n", stats.name.c_str(), stats.capacity_bytes, stats.used_bytes, stats.utilization,
                edges.size_bytes(), edges.is_allocated());
}
