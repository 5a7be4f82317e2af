// SPDX-License-Identifier: Apache-2.0
// The buffers of a uniform grid over a cloud of nodes.
#pragma once

#include <array>
#include <cstddef>

#include <triune/manage/manager.hpp>

namespace triune {

// One of the buffers, and what it has an element for: a node or a cell.
struct CellBuffer {
    const char* name;
    BufferConfig config;
    bool per_cell;
};

inline constexpr std::array<CellBuffer, 13> cell_buffers{{
    {"pos_x", BufferConfig::for_positions(), false},
    {"pos_y", BufferConfig::for_positions(), false},
    {"pos_z", BufferConfig::for_positions(), false},
    {"vel_x", BufferConfig::for_velocities(), false},
    {"vel_y", BufferConfig::for_velocities(), false},
    {"vel_z", BufferConfig::for_velocities(), false},
    {"force_x", BufferConfig::for_forces(), false},
    {"force_y", BufferConfig::for_forces(), false},
    {"force_z", BufferConfig::for_forces(), false},
    {"cell_keys", BufferConfig::for_grid_cells(), false},
    {"sorted_indices", BufferConfig::for_grid_cells(), false},
    {"cell_start", BufferConfig::for_grid_cells(), true},
    {"cell_end", BufferConfig::for_grid_cells(), true},
}};

// The side of the grid for so many nodes: max(8, ceil(cube root)), exactly, so 10 for 1000.
std::size_t grid_side(std::size_t nodes) noexcept;

// Raises the capacity of the manager's untyped buffers of these names to `nodes` elements, or to grid_side(nodes)^3
// those that have one a cell; makes those that are missing. Where one fails, none has changed. Throws type_mismatch,
// max_size_exceeded, limit_exceeded, out_of_memory, device_error.
void resize_cell_buffers(GpuMemoryManager& manager, std::size_t nodes, CallSite where = CallSite::current());

}  // namespace triune
