#include <triune/triune.hpp>

#include <algorithm>
#include <cstdio>
#include <numeric>
#include <vector>

float largest = 0;

void note(float value) { largest = std::max(largest, value); }

// What runs while a view lives is followed through the program: drawing starts no download.
void draw(float x, float y) {
    note(x);
    note(y);
}

float read_by_index(triune::GraphArrays& layout) {
    const auto [x, y, z] = layout.latest_positions();
    float sum = 0;
    for (std::size_t node = 0; node < x.size(); ++node) {
        draw(x[node], y.at(node));
        sum += z[node] * 2;
    }
    return x.empty() ? 0 : sum;
}

float read_by_loop(triune::GraphArrays& layout) {
    layout.start_velocities_download();
    auto [x, y, z] = layout.wait_for_velocities();
    float sum = 0;
    for (const float value : x) sum += value;
    for (const float& value : y) sum = std::max(sum, value);
    return sum + *std::max_element(z.begin(), z.end()) + std::accumulate(x.begin(), x.end(), 0.0F);
}

std::vector<float> read_by_number(triune::GraphArrays& layout) {
    const triune::NodeViews now = layout.latest_positions();
    const auto& x = now.x;
    std::vector<float> kept(x.begin(), x.end());
    kept.push_back(now.z[0]);
    std::printf("%zu nodes\n", now.y.size());
    layout.upload_positions(kept, kept, kept);
    return kept;
}

// Positions and velocities are downloaded side by side.
float read_both(triune::GraphArrays& layout) {
    float energy = 0;
    for (int frame = 0; frame < 10; ++frame) {
        const auto positions = layout.latest_positions();
        const auto velocities = layout.latest_velocities();
        energy += positions.x[0] * velocities.x[0];
    }
    return energy;
}
