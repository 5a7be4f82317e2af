// Groups of packages that are more tightly linked among themselves than with the rest.
#pragma once

#include <cstdint>
#include <vector>

#include "package_graph.hpp"

namespace package_map {

using Labels = std::vector<std::int32_t>;

// One label a node: greedy modularity, level by level (the Louvain method), nodes in order. Labels are arbitrary.
Labels find_communities(const CompressedRows& rows);

// The same grouping with labels 0, 1, 2, ... from the largest group to the smallest.
Labels ranked_by_size(const Labels& labels);

}  // namespace package_map
