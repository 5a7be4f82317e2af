// Packages and who needs whom, as a graph that can be taken in stages.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "package_database.hpp"

namespace package_map {

struct GraphNode {
    std::string name;
    std::string section;
    bool installed;
    std::uint32_t degree;
};

struct GraphEdge {
    std::uint32_t first;  // first < second
    std::uint32_t second;
    float weight;
};

// Every edge twice, once from each end; a row's columns ascend.
struct CompressedRows {
    std::vector<std::int32_t> offsets;
    std::vector<std::int32_t> columns;
    std::vector<float> weights;
};

struct PackageGraph {
    std::vector<GraphNode> nodes;  // from the installed packages outwards, so that any front part hangs together
    std::vector<GraphEdge> edges;  // ascending

    // The graph of the first `count` nodes.
    CompressedRows rows(std::size_t count) const;
};

// The largest connected piece among at most `limit` packages.
PackageGraph build_graph(const std::vector<Package>& packages, std::size_t limit);

}  // namespace package_map
