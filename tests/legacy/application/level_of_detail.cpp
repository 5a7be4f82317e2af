#include "level_of_detail.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <stdexcept>

namespace package_map {

using namespace utils;

namespace {

// Sums by group, on the host: a level is made a few times in a run.
std::vector<float> sums_by_group(const Labels& groups, std::size_t count, const std::vector<float>& values) {
    std::vector<float> sums(count, 0.0F);
    for (std::size_t node = 0; node < std::min(values.size(), groups.size()); ++node) {
        sums[static_cast<std::size_t>(groups[node])] += values[node];
    }
    return sums;
}

std::vector<std::size_t> sizes_of(const Labels& groups, std::size_t nodes) {
    const std::size_t count =
        groups.empty() ? 0 : static_cast<std::size_t>(*std::max_element(groups.begin(), groups.end())) + 1;
    std::vector<std::size_t> sizes(count, 0);
    for (std::size_t node = 0; node < std::min(nodes, groups.size()); ++node) {
        ++sizes[static_cast<std::size_t>(groups[node])];
    }
    return sizes;
}

void divide(std::vector<float>& sums, const std::vector<std::size_t>& sizes) {
    std::transform(sums.begin(), sums.end(), sizes.begin(), sums.begin(),
                   [](float sum, std::size_t size) { return size == 0 ? 0.0F : sum / static_cast<float>(size); });
}

template <typename T>
std::vector<T> values_of(const ManagedDeviceBuffer<T>& buffer) {
    const DeviceBuffer<T>& array = buffer.as_device_buffer();
    std::vector<T> values(array.len());
    array.copy_to(values);
    return values;
}

}  // namespace

Labels by_community(const PackageGraph& /*graph*/, const Labels& communities) { return communities; }

Labels by_section(const PackageGraph& graph, const Labels& /*communities*/) {
    std::map<std::string, std::int32_t> numbers;
    for (const GraphNode& node : graph.nodes) {
        numbers.emplace(node.section, 0);
    }
    std::int32_t next = 0;
    for (auto& entry : numbers) {
        entry.second = next++;
    }
    Labels labels;
    for (const GraphNode& node : graph.nodes) {
        labels.push_back(numbers.at(node.section));
    }
    return labels;
}

const Level& LevelOfDetail::add(const std::string& name, Grouping grouping, const Labels& communities,
                                const NodeVectors& positions) {
    const Labels raw = grouping(graph_, communities);
    // Groups by size, so that a viewer can stop after the first few.
    const Labels groups = mappings_.get_or_compute_mapping(raw, &ranked_by_size);
    const auto& [x, y, z] = positions;
    const std::vector<std::size_t> sizes = sizes_of(groups, x.size());
    std::vector<float> centre_x = sums_by_group(groups, sizes.size(), x);
    std::vector<float> centre_y = sums_by_group(groups, sizes.size(), y);
    divide(centre_x, sizes);
    divide(centre_y, sizes);
    std::vector<float> degrees;
    for (const GraphNode& node : graph_.nodes) {
        degrees.push_back(static_cast<float>(node.degree));
    }
    const std::vector<float> weights = sums_by_group(groups, sizes.size(), degrees);

    // The old one goes first: two buffers of one name are more than the tracker can bear.
    const auto known = levels_.find(name);
    if (known != levels_.end()) {
        known->second.reset();
    } else {
        names_.push_back(name);
    }
    auto level = std::make_unique<Level>(
        Level{create_managed_buffer_from_slice(centre_x, "detail." + name + ".x"),
              create_managed_buffer_from_slice(centre_y, "detail." + name + ".y"),
              create_managed_buffer<float>(weights.size(), "detail." + name + ".weight"), sizes});
    DeviceBuffer<float>& on_device = level->weight.as_device_buffer_mut();
    on_device.copy_from(weights);
    return *(levels_[name] = std::move(level));
}

const Level* LevelOfDetail::find(const std::string& name) const {
    const auto found = levels_.find(name);
    return found == levels_.end() ? nullptr : found->second.get();
}

std::pair<double, double> LevelOfDetail::centre_of(const std::string& name) const {
    const Level* level = find(name);
    if (level == nullptr) {
        throw std::invalid_argument("there is no level '" + name + "'");
    }
    const auto weighted = [&](const Level::Values<float>& centres) {
        const std::vector<float> values = values_of(centres);
        double sum = 0.0;
        std::size_t nodes = 0;
        for (std::size_t group = 0; group < values.size(); ++group) {
            sum += static_cast<double>(values[group]) * static_cast<double>(level->sizes[group]);
            nodes += level->sizes[group];
        }
        return nodes == 0 ? 0.0 : sum / static_cast<double>(nodes);
    };
    return {weighted(level->x), weighted(level->y)};
}

const Level* LevelOfDetail::coarsest(std::size_t least) const {
    const Level* best = nullptr;
    for (const std::string& name : names_) {
        const Level* level = find(name);
        if (level->groups() >= least && (best == nullptr || level->groups() < best->groups())) {
            best = level;
        }
    }
    return best;
}

std::size_t LevelOfDetail::device_bytes() const {
    return std::accumulate(levels_.begin(), levels_.end(), std::size_t{0},
                           [](std::size_t sum, const auto& entry) { return sum + entry.second->device_bytes(); });
}

}  // namespace package_map
