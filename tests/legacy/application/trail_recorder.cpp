#include "trail_recorder.hpp"

#include <algorithm>
#include <cmath>
#include <iostream>
#include <stdexcept>

namespace package_map {

namespace {

gpu::BufferConfig trail_config() {
    gpu::BufferConfig config = gpu::BufferConfig::for_positions();
    config.bytes_per_node = 2 * sizeof(float);
    config.max_size_bytes = std::size_t{1} << 20;
    return config;
}

}  // namespace

TrailRecorder::TrailRecorder() : trail_("trail", trail_config(), utils::get_global_cuda_error_handler()) {}

void TrailRecorder::record(LayoutEngine& engine) {
    if (full_) {
        return;
    }
    const std::size_t used = trail_.size_bytes();
    const std::size_t sample = engine.num_nodes * 2 * sizeof(float);
    try {
        engine.stream().synchronize();
        trail_.ensure_capacity((used + sample) / (2 * sizeof(float)));
    } catch (const std::runtime_error& error) {
        std::cerr << "The trail ends here: " << error.what() << "\n";
        full_ = true;
        return;
    }
    auto* const front = static_cast<char*>(trail_.as_ptr());
    engine.kernels().record_positions(engine.node_arrays(), reinterpret_cast<float*>(front + used),
                                      engine.stream().handle());
    trail_.set_size(used + sample);
    counts_.push_back(engine.num_nodes);
}

double TrailRecorder::mean_way(const LayoutEngine& engine) const {
    std::vector<float> values(trail_.size_bytes() / sizeof(float));
    engine.kernels().read_memory(values.data(), trail_.as_ptr(), trail_.size_bytes(), engine.stream().handle());
    double way = 0.0;
    std::size_t start = 0;
    for (std::size_t sample = 1; sample < counts_.size(); ++sample) {
        const std::size_t before = counts_[sample - 1];
        const std::size_t next = start + 2 * before;
        for (std::size_t node = 0; node < std::min(before, counts_[sample]); ++node) {
            way += std::hypot(values[next + node] - values[start + node],
                              values[next + counts_[sample] + node] - values[start + before + node]);
        }
        start = next;
    }
    return counts_.empty() ? 0.0 : way / static_cast<double>(counts_.back());
}

}  // namespace package_map
