// What is measured about a layout, in managed device buffers.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "communities.hpp"
#include "device_arrays.hpp"
#include "layout_engine.hpp"
#include "package_graph.hpp"

namespace package_map {

class LayoutAnalysis {
  public:
    explicit LayoutAnalysis(const PackageGraph& graph);

    // Communities by rank, the largest first.
    Labels communities();
    // Keeps every node's distance from the origin under the stage's name.
    void record_stage(const std::string& stage, const utils::NodeVectors& positions);
    void measure_edges(LayoutEngine& engine);

    double mean_degree() const { return mean_of(degrees_.as_device_buffer()); }
    double mean_edge_length() const;
    // Held for measuring edges.
    double edge_kibibytes() const;
    std::map<std::string, double> mean_radius_by_stage() const;
    std::tuple<std::uint64_t, std::uint64_t, double> cache_stats() const { return cache_.get_cache_stats(); }

  private:
    const PackageGraph& graph_;
    Labels raw_communities_;
    utils::LabelMappingCache cache_;
    utils::MultiStreamManager streams_;
    ManagedLabels degrees_;
    std::optional<ManagedLabels> community_labels_;
    std::unique_ptr<utils::ManagedDeviceBuffer<float>> edge_lengths_;
    std::vector<ManagedFloats> stage_radii_;
    std::map<std::string, utils::ManagedDeviceBuffer<std::uint32_t>> edge_ends_;
};

}  // namespace package_map
