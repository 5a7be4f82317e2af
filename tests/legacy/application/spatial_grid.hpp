// The grid that the repulsion between nodes uses, in named device buffers.
#pragma once

#include <cstddef>

#include "gpu/dynamic_buffer_manager.hpp"
#include "layout_kernels.hpp"

namespace package_map {

class SpatialGrid {
  public:
    explicit SpatialGrid(gpu::DynamicBufferManager& buffers);

    // Makes room for `nodes` nodes and gives back what the grid does not use. Throws std::runtime_error.
    void resize(std::size_t nodes, const LayoutKernels& kernels);

    GridArrays arrays() const;
    ForceArrays forces() const;
    std::size_t cell_count() const noexcept { return cells_; }

  private:
    gpu::DynamicBufferManager& buffers_;
    gpu::DynamicGpuBuffer& cell_keys_;
    gpu::DynamicGpuBuffer& sorted_indices_;
    gpu::DynamicGpuBuffer& cell_start_;
    gpu::DynamicGpuBuffer& cell_end_;
    gpu::DynamicGpuBuffer& bounds_;
    std::size_t side_ = 0;
    std::size_t cells_ = 0;
};

}  // namespace package_map
