// The layout as a picture.
#pragma once

#include <string>

#include "communities.hpp"
#include "package_graph.hpp"
#include "utils/unified_gpu_compute.hpp"

namespace package_map {

// Throws std::runtime_error where the file cannot be written.
void draw_picture(const PackageGraph& graph, const utils::NodeVectors& positions, const Labels& communities,
                  const std::string& file);

}  // namespace package_map
