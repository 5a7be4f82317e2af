#include "layout_analysis.hpp"

#include <cmath>
#include <utility>

namespace package_map {

using utils::create_managed_buffer;
using utils::create_managed_buffer_from_slice;

namespace {

ManagedLabels degree_buffer(const PackageGraph& graph) {
    std::vector<std::int32_t> degrees;
    for (const GraphNode& node : graph.nodes) {
        degrees.push_back(static_cast<std::int32_t>(node.degree));
    }
    return create_managed_buffer_from_slice(degrees, "analysis.degrees");
}

// A part of the edges, for one launch.
EdgeLengths part_of(const FloatArray& lengths, const utils::DeviceBuffer<std::uint32_t>& first,
                    const utils::DeviceBuffer<std::uint32_t>& second, std::size_t start, std::size_t end) {
    return {end - start, first.as_device_ptr() + start, second.as_device_ptr() + start,
            lengths.as_device_ptr() + start};
}

}  // namespace

LayoutAnalysis::LayoutAnalysis(const PackageGraph& graph)
    : graph_(graph),
      raw_communities_(find_communities(graph.rows(graph.nodes.size()))),
      degrees_(degree_buffer(graph)) {}

Labels LayoutAnalysis::communities() {
    Labels ranked =
        cache_.get_or_compute_mapping(raw_communities_, [](const Labels& labels) { return ranked_by_size(labels); });
    if (!community_labels_) {
        community_labels_ = create_managed_buffer_from_slice(ranked, "analysis.communities");
    }
    return ranked;
}

void LayoutAnalysis::record_stage(const std::string& stage, const utils::NodeVectors& positions) {
    const auto& [x, y, z] = positions;
    std::vector<float> radii;
    for (std::size_t node = 0; node < x.size(); ++node) {
        radii.push_back(std::sqrt(x[node] * x[node] + y[node] * y[node] + z[node] * z[node]));
    }
    stage_radii_.push_back(utils::create_managed_buffer_from_slice(radii, "analysis.radius." + stage));
}

void LayoutAnalysis::measure_edges(LayoutEngine& engine) {
    std::vector<std::uint32_t> first;
    std::vector<std::uint32_t> second;
    for (const GraphEdge& edge : graph_.edges) {
        first.push_back(edge.first);
        second.push_back(edge.second);
    }
    edge_ends_.emplace("first", create_managed_buffer_from_slice(first, "analysis.edges.first"));
    edge_ends_.emplace("second", create_managed_buffer_from_slice(second, "analysis.edges.second"));
    edge_lengths_ = std::make_unique<utils::ManagedDeviceBuffer<float>>(
        create_managed_buffer<float>(first.size(), "analysis.edges.length"));

    engine.stream().synchronize();
    FloatArray& lengths = edge_lengths_->as_device_buffer_mut();
    constexpr std::size_t kParts = 3;
    for (std::size_t part = 0; part < kParts; ++part) {
        const utils::Stream& stream = streams_.get_next_stream();
        engine.kernels().measure_edges(
            engine.node_arrays(),
            part_of(lengths, edge_ends_.at("first").as_device_buffer(), edge_ends_.at("second").as_device_buffer(),
                    first.size() * part / kParts, first.size() * (part + 1) / kParts),
            stream.handle());
    }
    streams_.synchronize_async().get();
    streams_.get_compute_stream().synchronize();
    streams_.synchronize_all();
}

double LayoutAnalysis::mean_edge_length() const {
    return edge_lengths_ == nullptr ? 0.0 : mean_of(edge_lengths_->as_device_buffer());
}

double LayoutAnalysis::edge_kibibytes() const {
    double sum = edge_lengths_ == nullptr ? 0.0 : kibibytes(*edge_lengths_);
    for (const auto& [name, ends] : edge_ends_) {
        sum += kibibytes(ends);
    }
    return sum;
}

std::map<std::string, double> LayoutAnalysis::mean_radius_by_stage() const {
    std::map<std::string, double> means;
    for (const auto& radii : stage_radii_) {
        means[radii.name()] = mean_of(radii.as_device_buffer());
    }
    return means;
}

}  // namespace package_map
