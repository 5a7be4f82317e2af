// SPDX-License-Identifier: Apache-2.0
#include "client.hpp"
#include "gpu/dynamic_buffer_manager.hpp"

#include <algorithm>
#include <stdexcept>

namespace {

void list(std::ostream& out, const gpu::DynamicBufferManager& manager) {
    auto stats = manager.get_all_stats();
    std::sort(stats.begin(), stats.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
    for (const auto& each : stats) out << each.name << '=' << each.capacity_bytes << '/' << each.used_bytes << ' ';
    out << '\n';
}

}  // namespace

void cell_buffers(std::ostream& out) {
    gpu::DynamicBufferManager manager(utils::get_global_cuda_error_handler());
    out << manager.get_total_allocation() << ' ' << manager.can_allocate(std::size_t{6} << 30) << ' '
        << manager.can_allocate((std::size_t{6} << 30) + 1) << ' ' << manager.can_allocate(~std::size_t{0}) << '\n';
    for (const std::size_t nodes : {0, 1, 511, 512, 513, 729, 730, 1000, 1001, 4096, 10000}) {
        manager.resize_cell_buffers(nodes);
        list(out, manager);
        out << manager.get_total_allocation() << '\n';
    }
    auto& first = manager.get_or_create_buffer("extra", {1, 1.5F, 1000, 1});
    first.ensure_capacity(10);
    out << (&manager.get_or_create_buffer("extra", {1, 1.5F, 1000, 1}) == &first) << '\n';
    manager.get_or_create_buffer("pos_x", gpu::BufferConfig::for_positions()).set_size(9);
    manager.get_or_create_buffer("later", {});
    manager.cleanup_unused_buffers();
    list(out, manager);
    out << manager.get_total_allocation() << '\n';
    gpu::DynamicBufferManager small(nullptr);
    small.get_or_create_buffer("pos_x", {8, 1.5F, 100, 1});
    try {
        small.resize_cell_buffers(20);
    } catch (const std::runtime_error& error) {
        out << error.what() << '\n';
    }
}
