// SPDX-License-Identifier: Apache-2.0
// The legacy way: the frozen library's graph, whose downloads arrive as vectors.
#include <utility>

#include "downloader.hpp"
#include "utils/unified_gpu_compute.hpp"

namespace bench {
namespace {

class Legacy final : public Downloader {
  public:
    using Call = utils::NodeVectors (utils::UnifiedGPUCompute::*)();
    Legacy(std::size_t count, Call call) : graph_(count, 0), call_(call) {}

    triune::StreamHandle stream() override { return graph_.stream().handle(); }
    FrameArrays arrays() override {
        return {{graph_.pos_in_x.as_device_ptr(), graph_.pos_in_y.as_device_ptr(), graph_.pos_in_z.as_device_ptr()},
                {graph_.pos_out_x.as_device_ptr(), graph_.pos_out_y.as_device_ptr(), graph_.pos_out_z.as_device_ptr()},
                graph_.num_nodes};
    }
    void start() override {
        graph_.swap_buffers();
        newest_ = (graph_.*call_)();
    }
    bool ready() override { return true; }
    float take() override { return std::get<0>(newest_)[0]; }

  private:
    utils::UnifiedGPUCompute graph_;
    const Call call_;
    utils::NodeVectors newest_;
};

}  // namespace

std::vector<DownloaderEntry> legacy_downloaders() {
    using Graph = utils::UnifiedGPUCompute;
    const auto by = [](Legacy::Call call) {
        return [call](std::size_t count) { return std::make_unique<Legacy>(count, call); };
    };
    // The first is what a viewer calls once a frame: it gives the newest snapshot and starts the next. The other
    // blocks, and gives the frame itself.
    return {{"legacy", by(&Graph::get_node_positions_async)}, {"legacy blocking", by(&Graph::get_node_positions)}};
}

}  // namespace bench
