// SPDX-License-Identifier: Apache-2.0
#include <triune/graph/cell_buffers.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <vector>

#include <triune/base/error.hpp>
#include <triune/manage/device_resources.hpp>
#include <triune/manage/growth_set.hpp>

namespace triune {

std::size_t grid_side(std::size_t nodes) noexcept {
    // Whether side^3 >= nodes, by divisions that round up: the cube itself may not fit.
    const auto enough = [nodes](std::size_t side) {
        const std::size_t slices = nodes / side + (nodes % side != 0);
        return slices / side + (slices % side != 0) <= side;
    };
    // The floating-point root may be off by one either way.
    std::size_t side = std::max<std::size_t>(8, static_cast<std::size_t>(std::cbrt(static_cast<double>(nodes))));
    while (side > 8 && enough(side - 1)) --side;
    while (!enough(side)) ++side;
    return side;
}

namespace {

void grow_all(GpuMemoryManager& manager, std::size_t nodes, Shortage& shortage, const CallSite& where) {
    const std::size_t side = grid_side(nodes);
    const std::size_t cells = side * side * side;
    std::vector<const char*> made;
    made.reserve(cell_buffers.size());
    std::optional<GrowthSet> growths;
    growths.emplace(*manager.core()->resources, StreamOrder::after_all(), cell_buffers.size(), shortage,
                    "cell buffers");
    try {
        for (const CellBuffer& cell : cell_buffers) {
            const bool known = manager.contains(cell.name);
            if (!known) made.push_back(cell.name);
            const UntypedHandle buffer =
                known ? manager.get_untyped(cell.name) : manager.get_or_create(cell.name, cell.config, where);
            buffer.reserve(cell.per_cell ? cells : nodes, *growths);
        }
        growths->finish();
    } catch (...) {
        growths.reset();
        for (const char* name : made) {
            if (manager.contains(name)) manager.free(name);
        }
        throw;
    }
    growths->commit();
}

}  // namespace

void resize_cell_buffers(GpuMemoryManager& manager, std::size_t nodes, CallSite where) {
    const auto grow = [&] { Shortage::retry([&](Shortage& shortage) { grow_all(manager, nodes, shortage, where); }); };
    detail::at(where, [&] { detail::on_untyped(grow); });
}

}  // namespace triune
