#include "communities.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <utility>

namespace package_map {

namespace {

// Below 1 the method prefers fewer, larger groups.
constexpr double kResolution = 0.9;

using Neighbours = std::vector<std::pair<std::int32_t, double>>;

struct WeightedGraph {
    std::vector<Neighbours> rows;
    std::vector<double> strengths;  // a node's total weight, loops included
    double total = 0.0;             // of all strengths
};

WeightedGraph weighted_graph(std::vector<Neighbours> rows) {
    WeightedGraph graph{std::move(rows), {}, 0.0};
    for (const Neighbours& row : graph.rows) {
        double strength = 0.0;
        for (const auto& neighbour : row) {
            strength += neighbour.second;
        }
        graph.strengths.push_back(strength);
        graph.total += strength;
    }
    return graph;
}

// Moves single nodes to the neighbouring group with the best gain until none gains or the passes are used up.
Labels move_nodes(const WeightedGraph& graph) {
    constexpr int kPasses = 24;
    Labels labels(graph.rows.size());
    std::iota(labels.begin(), labels.end(), 0);
    std::vector<double> group_strength = graph.strengths;
    bool moved = true;
    for (int pass = 0; moved && pass < kPasses; ++pass) {
        moved = false;
        for (std::size_t node = 0; node < graph.rows.size(); ++node) {
            std::map<std::int32_t, double> links;
            for (const auto& [other, weight] : graph.rows[node]) {
                if (static_cast<std::size_t>(other) != node) {
                    links[labels[static_cast<std::size_t>(other)]] += weight;
                }
            }
            const std::int32_t old = labels[node];
            group_strength[static_cast<std::size_t>(old)] -= graph.strengths[node];
            const auto gain = [&](std::int32_t group, double link) {
                return link - kResolution * group_strength[static_cast<std::size_t>(group)] * graph.strengths[node] /
                                  graph.total;
            };
            std::int32_t best = old;
            double best_gain = gain(old, links[old]);
            for (const auto& [group, link] : links) {
                if (gain(group, link) > best_gain + 1e-9) {
                    best = group;
                    best_gain = gain(group, link);
                }
            }
            labels[node] = best;
            group_strength[static_cast<std::size_t>(best)] += graph.strengths[node];
            moved = moved || best != old;
        }
    }
    return labels;
}

// One node a group, one link a pair of linked groups.
WeightedGraph merged(const WeightedGraph& graph, const Labels& labels, std::size_t groups) {
    std::vector<std::map<std::int32_t, double>> sums(groups);
    for (std::size_t node = 0; node < graph.rows.size(); ++node) {
        for (const auto& [other, weight] : graph.rows[node]) {
            sums[static_cast<std::size_t>(labels[node])][labels[static_cast<std::size_t>(other)]] += weight;
        }
    }
    std::vector<Neighbours> rows;
    for (const auto& sum : sums) {
        rows.emplace_back(sum.begin(), sum.end());
    }
    return weighted_graph(std::move(rows));
}

}  // namespace

Labels ranked_by_size(const Labels& labels) {
    std::map<std::int32_t, std::size_t> sizes;
    for (const std::int32_t label : labels) {
        ++sizes[label];
    }
    std::vector<std::pair<std::int32_t, std::size_t>> ranked(sizes.begin(), sizes.end());
    std::sort(ranked.begin(), ranked.end(), [](const auto& a, const auto& b) {
        return a.second != b.second ? a.second > b.second : a.first < b.first;
    });
    std::map<std::int32_t, std::int32_t> rank;
    for (std::size_t i = 0; i < ranked.size(); ++i) {
        rank[ranked[i].first] = static_cast<std::int32_t>(i);
    }
    Labels result;
    result.reserve(labels.size());
    for (const std::int32_t label : labels) {
        result.push_back(rank[label]);
    }
    return result;
}

Labels find_communities(const CompressedRows& rows) {
    std::vector<Neighbours> neighbours(rows.offsets.size() - 1);
    for (std::size_t node = 0; node < neighbours.size(); ++node) {
        for (auto at = static_cast<std::size_t>(rows.offsets[node]);
             at < static_cast<std::size_t>(rows.offsets[node + 1]); ++at) {
            neighbours[node].emplace_back(rows.columns[at], static_cast<double>(rows.weights[at]));
        }
    }
    WeightedGraph graph = weighted_graph(std::move(neighbours));
    Labels labels(graph.rows.size());
    std::iota(labels.begin(), labels.end(), 0);
    for (;;) {
        const Labels level = ranked_by_size(move_nodes(graph));
        const auto groups =
            level.empty() ? 0 : static_cast<std::size_t>(*std::max_element(level.begin(), level.end())) + 1;
        for (std::int32_t& label : labels) {
            label = level[static_cast<std::size_t>(label)];
        }
        if (groups == graph.rows.size()) {
            return labels;
        }
        graph = merged(graph, level, groups);
    }
}

}  // namespace package_map
