// The physics of the layout: the engine's arrays hold the nodes, its steps move them.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "device_arrays.hpp"
#include "layout_kernels.hpp"
#include "package_graph.hpp"
#include "spatial_grid.hpp"
#include "utils/unified_gpu_compute.hpp"

namespace package_map {

class LayoutEngine : public utils::UnifiedGPUCompute {
  public:
    LayoutEngine(std::size_t nodes, std::size_t edges, gpu::DynamicBufferManager& buffers);

    // Takes the first `count` nodes of the graph: uploads their edges and masses, and the positions of the new ones.
    // Throws utils::CudaException or, from the grid, std::runtime_error.
    void load_nodes(const PackageGraph& graph, std::size_t count);
    void execute_physics_step(const LayoutSettings& settings);

    NodeArrays node_arrays();
    const LayoutKernels& kernels() const noexcept { return kernels_; }
    const SpatialGrid& grid() const noexcept { return grid_; }

  private:
    EdgeArrays edge_arrays() const;

    SpatialGrid grid_;
    const LayoutKernels& kernels_;
    std::shared_ptr<utils::CudaErrorHandler> errors_;
    FloatArray mobility_;  // of each node: 1 is free, 0 fixed
    std::size_t placed_ = 0;
};

}  // namespace package_map
