// SPDX-License-Identifier: Apache-2.0
#include <triune/manage/buffer_config.hpp>

#include "gpu/dynamic_buffer_manager.hpp"

namespace gpu {
namespace {

constexpr BufferConfig legacy(const triune::BufferConfig& config) {
    return {config.bytes_per_element, config.growth_factor, config.max_size_bytes, config.min_size_bytes};
}

}  // namespace

BufferConfig BufferConfig::for_positions() { return legacy(triune::BufferConfig::for_positions()); }
BufferConfig BufferConfig::for_velocities() { return legacy(triune::BufferConfig::for_velocities()); }
BufferConfig BufferConfig::for_forces() { return legacy(triune::BufferConfig::for_forces()); }
BufferConfig BufferConfig::for_edges() { return legacy(triune::BufferConfig::for_edges()); }
BufferConfig BufferConfig::for_grid_cells() { return legacy(triune::BufferConfig::for_grid_cells()); }

}  // namespace gpu
