#include <triune/triune.hpp>
#include "utils/cuda_error_handling.hpp"

#include <cstdio>
#include <memory>

class Grid {
  public:
    explicit Grid(std::shared_ptr<utils::CudaErrorHandler> /*handler*/)
        : manager_(), keys_(manager_.get_or_create("keys", triune::BufferConfig::for_grid_cells())),
          trail_(triune::default_manager().make_untyped("trail", triune::BufferConfig{64, 1.5F, std::size_t{1} << 30, 1024})) {}

    void resize(std::size_t count) {
        triune::resize_cell_buffers(manager_, count);
        manager_.get_or_create("keys", config_).reserve(count);
        auto scratch = manager_.get_or_create("scratch", config_);
        scratch.set_size_bytes(count);
        const auto& seen = manager_.get_or_create("seen", config_);
        trail_.reserve(seen.size_bytes());
        keys_.set_size_bytes(4 * count);
    }
    void* keys() const { return keys_.data(); }

  private:
    triune::BufferConfig config_{64, 1.5F, std::size_t{1} << 30, 1024};
    triune::GpuMemoryManager manager_;
    triune::UntypedHandle keys_;
    triune::UntypedBuffer trail_;
};

float* floats(const triune::UntypedHandle& buffer) { return static_cast<float*>(buffer.data()); }
void clear(triune::UntypedHandle buffer) { buffer.set_size_bytes(0); }

std::size_t run() {
    triune::GpuMemoryManager manager;
    triune::BufferConfig config{64, 1.5F, std::size_t{1} << 30, 1024};
    config.bytes_per_element = 16;
    auto owned = std::make_unique<triune::GpuMemoryManager>();
    triune::resize_cell_buffers(*owned, 10);
    triune::UntypedBuffer lone = triune::default_manager().make_untyped("lone", triune::BufferConfig{16, 1.5F, std::size_t{1} << 30, 1024});
    lone.reserve(3);
    clear(manager.get_or_create("b", config));
    for (const triune::BufferStats& stats : manager.buffer_stats()) {
        if (stats.allocated_bytes > 0) return stats.capacity_bytes;
    }
    manager.free_unused();
    return manager.can_allocate(1) ? manager.total_allocated_bytes() : lone.stats().allocated_bytes;
}

int main() {
    Grid grid(utils::get_global_cuda_error_handler());
    std::printf("%d\n", grid.keys() == nullptr);
    grid.resize(100);
    triune::UntypedBuffer edges = triune::default_manager().make_untyped("edges", triune::BufferConfig::for_edges());
    edges.reserve(5);
    std::printf("%d %d %zu\n", grid.keys() == nullptr, floats(edges) == nullptr, run());
    edges.set_size_bytes(160);
    const triune::BufferStats stats = edges.stats();
    std::printf("%s %zu %zu %g %zu %d\n", stats.name.c_str(), stats.capacity_bytes, stats.allocated_bytes, stats.utilization,
                edges.size_bytes(), edges.is_allocated());
}
