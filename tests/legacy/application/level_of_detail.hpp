// Coarser pictures of the layout: one point a community, one a section, kept on the device for viewers that are far
// away.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "communities.hpp"
#include "device_arrays.hpp"
#include "device_retry.hpp"
#include "package_graph.hpp"
#include "utils/gpu_memory.hpp"
#include "utils/unified_gpu_compute.hpp"

namespace package_map {

// Anything that groups nodes: a label a node, labels 0, 1, 2, ...
using Grouping = Labels (*)(const PackageGraph& graph, const Labels& communities);

Labels by_community(const PackageGraph& graph, const Labels& communities);
Labels by_section(const PackageGraph& graph, const Labels& communities);

// One level: the centre, weight and size of each group.
struct Level {
    template <typename T>
    using Values = utils::ManagedDeviceBuffer<T>;

    Values<float> x, y;
    Values<float> weight;
    std::vector<std::size_t> sizes;

    std::size_t groups() const noexcept { return sizes.size(); }
    std::size_t device_bytes() const noexcept { return x.size_bytes() + y.size_bytes() + weight.size_bytes(); }
};

class LevelOfDetail {
  public:
    explicit LevelOfDetail(const PackageGraph& graph) : graph_(graph) {}

    // Makes a level, or makes it anew; answers with it.
    const Level& add(const std::string& name, Grouping grouping, const Labels& communities,
                     const utils::NodeVectors& positions);
    const Level* find(const std::string& name) const;
    // Means over the groups, weighted by size.
    std::pair<double, double> centre_of(const std::string& name) const;
    // The level with the fewest groups that still has `least`; null where there is none.
    const Level* coarsest(std::size_t least) const;
    std::size_t device_bytes() const;
    const std::vector<std::string>& names() const noexcept { return names_; }

  private:
    const PackageGraph& graph_;
    std::unordered_map<std::string, std::unique_ptr<Level>> levels_;
    std::vector<std::string> names_;  // in the order of their making
    utils::LabelMappingCache mappings_;
};

}  // namespace package_map
