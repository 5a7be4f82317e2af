#include "picture.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <tuple>
#include <vector>

#include "canvas.hpp"

namespace package_map {

namespace {

constexpr std::size_t kWidth = 2200;
constexpr std::size_t kHeight = 1700;
constexpr std::size_t kLabels = 60;
constexpr Colour kText{0.80F, 0.84F, 0.92F};
constexpr Colour kOther{0.16F, 0.20F, 0.28F};

// For the largest communities, in linear light.
constexpr std::array<Colour, 14> kColours{{
    {0.05F, 0.36F, 1.00F},
    {1.00F, 0.27F, 0.06F},
    {0.05F, 0.75F, 0.36F},
    {1.00F, 0.60F, 0.06F},
    {0.55F, 0.14F, 1.00F},
    {1.00F, 0.10F, 0.32F},
    {0.02F, 0.70F, 0.80F},
    {0.80F, 0.85F, 0.10F},
    {1.00F, 0.25F, 0.75F},
    {0.30F, 0.55F, 0.16F},
    {0.75F, 0.36F, 0.20F},
    {0.35F, 0.42F, 0.95F},
    {0.10F, 0.50F, 0.42F},
    {0.85F, 0.45F, 0.55F},
}};

Colour colour_of(std::int32_t community) {
    const auto rank = static_cast<std::size_t>(community);
    return rank < kColours.size() ? kColours[rank] : kOther;
}

// Fits the layout into the picture; single outliers may lie outside.
std::vector<Point> places_of(const utils::NodeVectors& positions) {
    const auto& xs = std::get<0>(positions);
    const auto& ys = std::get<1>(positions);
    const auto range = [](std::vector<float> values) {
        std::sort(values.begin(), values.end());
        const std::size_t cut = values.size() / 400;
        return std::make_pair(values[cut], values[values.size() - 1 - cut]);
    };
    const auto [left, right] = range(xs);
    const auto [top, bottom] = range(ys);
    constexpr float kMargin = 70.0F;
    const float width = static_cast<float>(kWidth) - 2.0F * kMargin;
    const float height = static_cast<float>(kHeight) - 2.0F * kMargin;
    const float scale = std::min(width / std::max(right - left, 1.0F), height / std::max(bottom - top, 1.0F));
    std::vector<Point> places;
    for (std::size_t i = 0; i < xs.size(); ++i) {
        places.push_back({static_cast<float>(kWidth) / 2.0F + (xs[i] - (left + right) / 2.0F) * scale,
                          static_cast<float>(kHeight) / 2.0F + (ys[i] - (top + bottom) / 2.0F) * scale});
    }
    return places;
}

float radius_of(const GraphNode& node) { return 1.3F + 0.62F * std::sqrt(static_cast<float>(node.degree)); }

std::vector<std::size_t> by_degree(const PackageGraph& graph) {
    std::vector<std::size_t> order(graph.nodes.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return graph.nodes[a].degree != graph.nodes[b].degree ? graph.nodes[a].degree > graph.nodes[b].degree : a < b;
    });
    return order;
}

void draw_edges(Canvas& canvas, const PackageGraph& graph, const std::vector<Point>& places,
                const Labels& communities) {
    for (const GraphEdge& edge : graph.edges) {
        const Point from = places[edge.first];
        const Point to = places[edge.second];
        // Long edges are many and say little one by one: the longer, the fainter.
        const float length = std::hypot(to.x - from.x, to.y - from.y);
        const float light = 0.085F / (1.0F + length / 110.0F);
        canvas.add_arc(from, to, colour_of(communities[edge.first]), colour_of(communities[edge.second]), light);
    }
}

void draw_nodes(Canvas& canvas, const PackageGraph& graph, const std::vector<Point>& places,
                const Labels& communities) {
    const auto order = by_degree(graph);
    for (const std::size_t node : order) {
        canvas.add_glow(places[node], 2.4F * radius_of(graph.nodes[node]), colour_of(communities[node]), 0.05F);
    }
    for (const std::size_t node : order) {
        const float radius = radius_of(graph.nodes[node]);
        const Colour colour = colour_of(communities[node]);
        const float lift = graph.nodes[node].installed ? 0.22F : 0.04F;
        if (radius > 3.0F) {
            canvas.draw_disc(places[node], radius + 1.2F, {0.002F, 0.003F, 0.008F}, 0.75F);
        }
        canvas.draw_disc(places[node], radius, {colour.red + lift, colour.green + lift, colour.blue + lift}, 0.92F);
    }
}

struct Box {
    float left, top, right, bottom;
};

void draw_shadowed(Canvas& canvas, Point at, float size, const std::string& text, Colour colour) {
    const float width = Canvas::text_width(size, text);
    canvas.draw_stroke({at.x + 0.7F * size, at.y - 0.4F * size}, {at.x + width, at.y - 0.4F * size}, 0.85F * size,
                       {0.002F, 0.003F, 0.008F}, 0.45F);
    canvas.draw_text(at, size, text, colour);
}

// The best-linked packages, each where its name covers no other.
void draw_labels(Canvas& canvas, const PackageGraph& graph, const std::vector<Point>& places) {
    std::vector<Box> taken{{0.0F, 0.0F, 760.0F, 190.0F}, {0.0F, canvas.height() - 480.0F, 330.0F, canvas.height()}};
    std::size_t drawn = 0;
    for (const std::size_t node : by_degree(graph)) {
        const std::string& name = graph.nodes[node].name;
        const float size = std::min(26.0F, 9.0F + 0.7F * std::sqrt(static_cast<float>(graph.nodes[node].degree)));
        const float width = Canvas::text_width(size, name);
        const Point at{places[node].x + radius_of(graph.nodes[node]) + 7.0F, places[node].y + 0.4F * size};
        const Box box{at.x - 8.0F, at.y - 1.8F * size, at.x + width + 8.0F, at.y + 0.8F * size};
        const bool fits = box.left > 0.0F && box.right < canvas.width() && box.top > 0.0F &&
                          box.bottom < canvas.height() &&
                          std::none_of(taken.begin(), taken.end(), [&](const Box& other) {
                              return box.left < other.right && other.left < box.right && box.top < other.bottom &&
                                     other.top < box.bottom;
                          });
        if (fits) {
            taken.push_back(box);
            draw_shadowed(canvas, at, size, name, kText);
            if (++drawn == kLabels) {
                return;
            }
        }
    }
}

void draw_legend(Canvas& canvas, const PackageGraph& graph, const Labels& communities) {
    draw_shadowed(canvas, {70.0F, 112.0F}, 52.0F, "package map", {0.95F, 0.97F, 1.0F});
    canvas.draw_text({72.0F, 164.0F}, 17.0F,
                     std::to_string(graph.nodes.size()) + " packages, " + std::to_string(graph.edges.size()) +
                         " dependencies, bright: installed",
                     kText);
    // A community goes by its best-linked member.
    std::vector<std::string> names(kColours.size());
    for (const std::size_t node : by_degree(graph)) {
        const auto rank = static_cast<std::size_t>(communities[node]);
        if (rank < names.size() && names[rank].empty()) {
            names[rank] = graph.nodes[node].name;
        }
    }
    float y = canvas.height() - 40.0F - 30.0F * static_cast<float>(names.size());
    for (std::size_t rank = 0; rank < names.size(); ++rank, y += 30.0F) {
        if (!names[rank].empty()) {
            canvas.draw_disc({78.0F, y - 6.0F}, 8.0F, kColours[rank], 1.0F);
            canvas.draw_text({98.0F, y}, 15.0F, names[rank], kText);
        }
    }
}

}  // namespace

void draw_picture(const PackageGraph& graph, const utils::NodeVectors& positions, const Labels& communities,
                  const std::string& file) {
    Canvas canvas(kWidth, kHeight);
    const std::vector<Point> places = places_of(positions);
    draw_edges(canvas, graph, places, communities);
    draw_nodes(canvas, graph, places, communities);
    draw_labels(canvas, graph, places);
    draw_legend(canvas, graph, communities);
    canvas.write_png(file);
}

}  // namespace package_map
