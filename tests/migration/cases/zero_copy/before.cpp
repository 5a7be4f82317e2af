#include "utils/unified_gpu_compute.hpp"

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

float read_by_index(utils::UnifiedGPUCompute& layout) {
    const auto [x, y, z] = layout.get_node_positions_async();
    float sum = 0;
    for (std::size_t node = 0; node < x.size(); ++node) {
        draw(x[node], y.at(node));
        sum += z[node] * 2;
    }
    return x.empty() ? 0 : sum;
}

float read_by_loop(utils::UnifiedGPUCompute& layout) {
    layout.start_async_download_velocities();
    auto [x, y, z] = layout.wait_for_download_velocities();
    float sum = 0;
    for (const float value : x) sum += value;
    for (const float& value : y) sum = std::max(sum, value);
    return sum + *std::max_element(z.begin(), z.end()) + std::accumulate(x.begin(), x.end(), 0.0F);
}

std::vector<float> read_by_number(utils::UnifiedGPUCompute& layout) {
    const utils::NodeVectors now = layout.get_node_positions_async();
    const auto& x = std::get<0>(now);
    std::vector<float> kept(x.begin(), x.end());
    kept.push_back(std::get<2>(now)[0]);
    std::printf("%zu nodes\n", std::get<1>(now).size());
    layout.upload_positions(kept, kept, kept);
    return kept;
}

// Positions and velocities are downloaded side by side.
float read_both(utils::UnifiedGPUCompute& layout) {
    float energy = 0;
    for (int frame = 0; frame < 10; ++frame) {
        const auto positions = layout.get_node_positions_async();
        const auto velocities = layout.get_node_velocities_async();
        energy += std::get<0>(positions)[0] * std::get<0>(velocities)[0];
    }
    return energy;
}
