#include "spatial_grid.hpp"

#include <algorithm>

namespace package_map {

namespace {

using gpu::BufferConfig;

constexpr std::size_t kSmallestSide = 8;

// One summary a cell; grows with the cells, so twice the size at a time.
BufferConfig cell_summaries() {
    BufferConfig config;
    config.bytes_per_node = sizeof(CellSummary);
    config.growth_factor = 2.0F;
    config.min_size_bytes = 512 * sizeof(CellSummary);
    return config;
}

constexpr std::size_t kMebibyte = std::size_t{1} << 20;
const BufferConfig kBytes{1, 1.25F, 256 * kMebibyte, 256};
const BufferConfig kMasses{sizeof(float), 1.3F, 64 * kMebibyte, 4096};

// Room for so many elements, of which the first `bytes` bytes count as used.
void prepare(gpu::DynamicGpuBuffer& buffer, std::size_t elements, std::size_t bytes) {
    buffer.ensure_capacity(elements);
    buffer.set_size(bytes);
}

float* floats(const gpu::DynamicGpuBuffer& buffer) { return static_cast<float*>(buffer.as_ptr()); }

std::uint32_t* numbers(const gpu::DynamicGpuBuffer& buffer) { return static_cast<std::uint32_t*>(buffer.as_ptr()); }

}  // namespace

SpatialGrid::SpatialGrid(gpu::DynamicBufferManager& buffers)
    : buffers_(buffers),
      cell_keys_(buffers.get_or_create_buffer("cell_keys", BufferConfig::for_grid_cells())),
      sorted_indices_(buffers.get_or_create_buffer("sorted_indices", BufferConfig::for_grid_cells())),
      cell_start_(buffers.get_or_create_buffer("cell_start", BufferConfig::for_grid_cells())),
      cell_end_(buffers.get_or_create_buffer("cell_end", BufferConfig::for_grid_cells())),
      bounds_(buffers.get_or_create_buffer("grid_bounds", gpu::BufferConfig{})) {
    bounds_.ensure_capacity(1);
    bounds_.set_size(4 * sizeof(float));
}

void SpatialGrid::resize(std::size_t nodes, const LayoutKernels& kernels) {
    side_ = kSmallestSide;
    while (side_ * side_ * side_ < nodes) {
        ++side_;
    }
    cells_ = side_ * side_ * side_;
    buffers_.resize_cell_buffers(nodes);
    cell_keys_.set_size(nodes * sizeof(std::uint32_t));
    sorted_indices_.set_size(nodes * sizeof(std::uint32_t));
    cell_start_.set_size(cells_ * sizeof(std::uint32_t));
    cell_end_.set_size(cells_ * sizeof(std::uint32_t));
    for (const char* name : {"pos_x", "pos_y", "pos_z"}) {
        buffers_.get_or_create_buffer(name, BufferConfig::for_positions()).set_size(nodes * sizeof(float));
    }
    for (const char* name : {"force_x", "force_y", "force_z"}) {
        buffers_.get_or_create_buffer(name, BufferConfig::for_forces()).set_size(nodes * sizeof(float));
    }

    buffers_.get_or_create_buffer("sorted_mass", kMasses).ensure_capacity(nodes);
    buffers_.get_or_create_buffer("sorted_mass", kMasses).set_size(nodes * sizeof(float));
    auto& summaries = buffers_.get_or_create_buffer("cell_summaries", cell_summaries());
    prepare(summaries, cells_, cells_ * sizeof(CellSummary));
    const std::size_t scratch_bytes = kernels.scratch_bytes(static_cast<std::uint32_t>(nodes));
    prepare(buffers_.get_or_create_buffer("sort_scratch", kBytes), scratch_bytes, scratch_bytes);
    // The velocities stay with the engine, so the grid's own are never used.
    buffers_.cleanup_unused_buffers();
}

GridArrays SpatialGrid::arrays() const {
    GridArrays grid{};
    grid.side = static_cast<std::uint32_t>(side_);
    grid.keys = numbers(cell_keys_);
    grid.order = numbers(sorted_indices_);
    grid.starts = numbers(cell_start_);
    grid.ends = numbers(cell_end_);
    grid.cells = static_cast<CellSummary*>(buffers_.get_or_create_buffer("cell_summaries", cell_summaries()).as_ptr());
    grid.sorted_x = floats(buffers_.get_or_create_buffer("pos_x", BufferConfig::for_positions()));
    grid.sorted_y = floats(buffers_.get_or_create_buffer("pos_y", BufferConfig::for_positions()));
    grid.sorted_z = floats(buffers_.get_or_create_buffer("pos_z", BufferConfig::for_positions()));
    grid.sorted_mass = floats(buffers_.get_or_create_buffer("sorted_mass", kMasses));
    grid.bounds = floats(bounds_);
    const gpu::DynamicGpuBuffer& scratch = buffers_.get_or_create_buffer("sort_scratch", kBytes);
    grid.scratch = scratch.as_ptr();
    grid.scratch_bytes = scratch.size_bytes();
    return grid;
}

ForceArrays SpatialGrid::forces() const {
    return {floats(buffers_.get_or_create_buffer("force_x", BufferConfig::for_forces())),
            floats(buffers_.get_or_create_buffer("force_y", BufferConfig::for_forces())),
            floats(buffers_.get_or_create_buffer("force_z", BufferConfig::for_forces()))};
}

}  // namespace package_map
