// SPDX-License-Identifier: Apache-2.0
// How the arrays of a graph grow: together, or not at all.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>

#include <triune/base/error.hpp>
#include <triune/detail/base/count_text.hpp>
#include <triune/manage/buffer.hpp>
#include <triune/manage/growth_set.hpp>

namespace triune {

// Elements to allocate where `required` do not fit in `allocated`: half as many again, at least.
constexpr std::size_t grown_count(std::size_t allocated, std::size_t required) noexcept {
    return std::max(allocated + allocated / 2, required);
}

// One more than there are nodes. Throws invalid_argument where that does not fit.
inline std::size_t row_offset_count(std::size_t nodes) {
    if (nodes == std::numeric_limits<std::size_t>::max())
        throw invalid_argument("a graph of " + count_text(nodes) + " nodes is more than memory can hold");
    return nodes + 1;
}

// Bytes that so many nodes and edges use: 13 node arrays, the row offsets and two edge arrays, 4 bytes an element.
constexpr std::size_t graph_bytes(std::size_t nodes, std::size_t edges) noexcept {
    return sizeof(float) * (13 * nodes + (nodes + 1) + 2 * edges);
}

// How the arrays of one graph grow: see GrowthSet.
class GraphGrowth {
  public:
    GraphGrowth(DeviceResources& resources, std::size_t arrays, Shortage& shortage)
        : growths_(resources, StreamOrder::after_all(), arrays, shortage, "graph") {}

    // The array will have at least `required` elements, of which those from `used` on are `value`, bit for bit.
    template <typename T>
    void require(const Buffer<T>& array, std::size_t used, std::size_t required, std::uint32_t value) {
        require_to(array, used, required, grown_count(array.size(), required), value);
    }
    // One entry more than there are nodes, and so grown in step with the node arrays.
    void require_row_offsets(const Buffer<std::int32_t>& offsets, std::size_t used_nodes, std::size_t nodes) {
        const std::size_t required = row_offset_count(nodes);
        require_to(offsets, used_nodes + 1, required, row_offset_count(grown_count(offsets.size() - 1, nodes)), 0);
    }
    // Just so many elements, of an array that has none yet.
    template <typename T>
    void create(const Buffer<T>& array, std::size_t count, std::uint32_t value = 0) {
        require_to(array, 0, count, count, value);
    }
    void finish() { growths_.finish(); }
    // Whether anything was allocated.
    bool commit() noexcept {
        growths_.commit();
        return allocates_;
    }

  private:
    template <typename T>
    void require_to(const Buffer<T>& array, std::size_t used, std::size_t required, std::size_t grown,
                    std::uint32_t value) {
        static_assert(sizeof(T) == sizeof(std::uint32_t));
        const std::size_t size = array.size();
        const bool allocates = required > size;
        const std::size_t count = allocates ? grown : size;
        if (count > std::numeric_limits<std::size_t>::max() / sizeof(T)) {
            throw invalid_argument("'" + array.name() + "' cannot hold " + count_text(required) + " elements");
        }
        const std::size_t end = allocates ? count : std::max(used, required);
        growths_.require_filled(array, count * sizeof(T), used * sizeof(T), end * sizeof(T), value);
        allocates_ = allocates_ || allocates;
    }

    GrowthSet growths_;
    bool allocates_ = false;
};

}  // namespace triune
