#include "package_graph.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <unordered_map>
#include <utility>

namespace package_map {

namespace {

using Index = std::uint32_t;

struct Link {
    Index target;
    float weight;
};

float weight_of(Relation relation) {
    switch (relation) {
        case Relation::Depends:
            return 1.0F;
        case Relation::Recommends:
            return 0.7F;
        case Relation::Suggests:
            return 0.4F;
    }
    return 0.0F;
}

// For each package, the packages that it asks for: of every clause the first alternative that exists, by its own name
// or by a name that it provides.
std::vector<std::vector<Link>> resolve(const std::vector<Package>& packages) {
    std::unordered_map<std::string, Index> by_name;
    for (Index i = 0; i < packages.size(); ++i) {
        by_name.emplace(packages[i].name, i);
    }
    for (Index i = 0; i < packages.size(); ++i) {
        for (const std::string& provided : packages[i].provides) {
            by_name.emplace(provided, i);
        }
    }
    std::vector<std::vector<Link>> links(packages.size());
    for (Index i = 0; i < packages.size(); ++i) {
        for (const Dependency& dependency : packages[i].dependencies) {
            for (const std::string& alternative : dependency.alternatives) {
                const auto found = by_name.find(alternative);
                if (found != by_name.end() && found->second != i) {
                    links[i].push_back({found->second, weight_of(dependency.relation)});
                    break;
                }
            }
        }
    }
    return links;
}

// Walks from the installed packages along what they ask for; then adds the most wanted packages that ask for those.
std::vector<Index> select(const std::vector<Package>& packages, const std::vector<std::vector<Link>>& links,
                          std::size_t limit) {
    std::vector<std::size_t> wanted(packages.size());
    for (const auto& row : links) {
        for (const Link& link : row) {
            ++wanted[link.target];
        }
    }
    std::vector<Index> by_demand(packages.size());
    std::iota(by_demand.begin(), by_demand.end(), Index{0});
    std::sort(by_demand.begin(), by_demand.end(),
              [&](Index a, Index b) { return wanted[a] != wanted[b] ? wanted[a] > wanted[b] : a < b; });

    std::vector<Index> order;
    std::vector<bool> chosen(packages.size());
    const auto choose = [&](Index i) {
        if (!chosen[i] && order.size() < limit) {
            chosen[i] = true;
            order.push_back(i);
        }
    };
    const auto choose_where = [&](auto&& predicate) {
        for (const Index i : by_demand) {
            if (predicate(i)) {
                choose(i);
            }
        }
    };
    choose_where([&](Index i) { return packages[i].installed; });
    if (order.empty()) {
        choose_where([&](Index i) { return packages[i].essential; });
    }
    if (order.empty()) {
        choose(by_demand.front());
    }
    std::size_t walked = 0;
    for (std::size_t before = 0; before != order.size() && order.size() < limit;) {
        before = order.size();
        for (; walked < order.size(); ++walked) {
            for (const Link& link : links[order[walked]]) {
                choose(link.target);
            }
        }
        choose_where([&](Index i) {
            return std::any_of(links[i].begin(), links[i].end(), [&](const Link& link) { return chosen[link.target]; });
        });
    }
    return order;
}

Index find_root(std::vector<Index>& parents, Index node) {
    while (parents[node] != node) {
        node = parents[node] = parents[parents[node]];
    }
    return node;
}

// For each node its number among those of the largest connected piece, or -1.
std::vector<std::int64_t> number_largest_piece(std::size_t count,
                                               const std::map<std::pair<Index, Index>, float>& edges) {
    std::vector<Index> parents(count);
    std::iota(parents.begin(), parents.end(), Index{0});
    for (const auto& edge : edges) {
        parents[find_root(parents, edge.first.second)] = find_root(parents, edge.first.first);
    }
    std::vector<std::size_t> sizes(count);
    for (Index i = 0; i < count; ++i) {
        ++sizes[find_root(parents, i)];
    }
    const auto largest = static_cast<Index>(std::max_element(sizes.begin(), sizes.end()) - sizes.begin());
    std::vector<std::int64_t> numbers(count, -1);
    std::int64_t next = 0;
    for (Index i = 0; i < count; ++i) {
        if (find_root(parents, i) == largest) {
            numbers[i] = next++;
        }
    }
    return numbers;
}

// A hub's many links say little about where its neighbours belong, so they pull less.
void soften_hubs(PackageGraph& graph) {
    for (GraphEdge& edge : graph.edges) {
        const auto degree =
            static_cast<float>(std::max(graph.nodes[edge.first].degree, graph.nodes[edge.second].degree));
        edge.weight /= std::sqrt(degree);
    }
}

}  // namespace

PackageGraph build_graph(const std::vector<Package>& packages, std::size_t limit) {
    const auto links = resolve(packages);
    const std::vector<Index> order = select(packages, links, limit);
    std::vector<std::int64_t> place(packages.size(), -1);
    for (std::size_t i = 0; i < order.size(); ++i) {
        place[order[i]] = static_cast<std::int64_t>(i);
    }
    std::map<std::pair<Index, Index>, float> edges;
    for (const Index package : order) {
        for (const Link& link : links[package]) {
            if (place[link.target] >= 0) {
                const auto a = static_cast<Index>(place[package]);
                const auto b = static_cast<Index>(place[link.target]);
                float& weight = edges[std::minmax(a, b)];
                weight = std::max(weight, link.weight);
            }
        }
    }

    const auto numbers = number_largest_piece(order.size(), edges);
    PackageGraph graph;
    for (std::size_t i = 0; i < order.size(); ++i) {
        if (numbers[i] >= 0) {
            const Package& package = packages[order[i]];
            graph.nodes.push_back({package.name, package.section, package.installed, 0});
        }
    }
    for (const auto& [ends, weight] : edges) {
        if (numbers[ends.first] >= 0) {
            graph.edges.push_back(
                {static_cast<Index>(numbers[ends.first]), static_cast<Index>(numbers[ends.second]), weight});
            ++graph.nodes[graph.edges.back().first].degree;
            ++graph.nodes[graph.edges.back().second].degree;
        }
    }
    soften_hubs(graph);
    return graph;
}

CompressedRows PackageGraph::rows(std::size_t count) const {
    CompressedRows rows;
    rows.offsets.assign(count + 1, 0);
    for (const GraphEdge& edge : edges) {
        if (edge.second < count) {
            ++rows.offsets[edge.first + 1];
            ++rows.offsets[edge.second + 1];
        }
    }
    std::partial_sum(rows.offsets.begin(), rows.offsets.end(), rows.offsets.begin());
    rows.columns.resize(static_cast<std::size_t>(rows.offsets.back()));
    rows.weights.resize(rows.columns.size());
    std::vector<std::int32_t> next(rows.offsets.begin(), rows.offsets.end() - 1);
    const auto add = [&](Index from, Index to, float weight) {
        const auto at = static_cast<std::size_t>(next[from]++);
        rows.columns[at] = static_cast<std::int32_t>(to);
        rows.weights[at] = weight;
    };
    // Edges ascend by (first, second): a row gets its smaller neighbours from the first pass, ascending, and its larger
    // ones from the second.
    for (const GraphEdge& edge : edges) {
        if (edge.second < count) {
            add(edge.second, edge.first, edge.weight);
        }
    }
    for (const GraphEdge& edge : edges) {
        if (edge.second < count) {
            add(edge.first, edge.second, edge.weight);
        }
    }
    return rows;
}

}  // namespace package_map
