// SPDX-License-Identifier: Apache-2.0
#include "client.hpp"
#include "gpu/dynamic_buffer_manager.hpp"

#include <limits>
#include <stdexcept>

namespace {

void grow(std::ostream& out, const gpu::BufferConfig& config, std::initializer_list<std::size_t> steps) {
    gpu::DynamicGpuBuffer buffer("grown", config, nullptr);
    for (const std::size_t step : steps) {
        try {
            buffer.ensure_capacity(step);
        } catch (const std::runtime_error& error) {
            out << error.what() << ": ";
        }
        out << buffer.capacity_bytes() << ' ';
    }
    buffer.set_size(100);
    const auto stats = buffer.get_stats();
    out << stats.name << ' ' << stats.capacity_bytes << ' ' << stats.used_bytes << ' ' << stats.utilization << ' '
        << (buffer.as_ptr() != nullptr) << buffer.is_allocated() << '\n';
}

}  // namespace

void growing_buffers(std::ostream& out) {
    grow(out, {}, {0, 1, 17, 1000, 999, 100000});
    grow(out, gpu::BufferConfig::for_positions(), {1, 400, 1000, 12345, 1000000});
    grow(out, gpu::BufferConfig::for_edges(), {1, 257, 1000, 100000});
    grow(out, gpu::BufferConfig::for_grid_cells(), {100, 257, 385, 1000});
    grow(out, {7, 1.1F, 5000, 10}, {1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 233, 377, 610, 700, 714, 715});
    for (const float factor :
         {0.0F, -2.0F, 0.5F, 1e9F, std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
        grow(out, {1, factor, 3000, 100}, {1, 101, 150, 3000, 3001});
    }
    grow(out, {0, 1.5F, 10, 10}, {1000});
    grow(out, {1, 1.5F, 0, 0}, {0, 1});
}
