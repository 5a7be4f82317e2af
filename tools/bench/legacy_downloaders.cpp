// The legacy way: the frozen library's graph, whose downloads arrive as vectors.
#include <utility>

#include "downloader.hpp"
#include "utils/unified_gpu_compute.hpp"

namespace bench {
namespace {

class Legacy final : public Downloader {
  public:
    explicit Legacy(std::size_t count) : graph_(count, 0) {}

    triune::StreamHandle stream() override { return graph_.stream().handle(); }
    FrameArrays arrays() override {
        return {{graph_.pos_in_x.as_device_ptr(), graph_.pos_in_y.as_device_ptr(), graph_.pos_in_z.as_device_ptr()},
                {graph_.pos_out_x.as_device_ptr(), graph_.pos_out_y.as_device_ptr(), graph_.pos_out_z.as_device_ptr()},
                graph_.num_nodes};
    }
    // What a viewer calls once a frame: it gives the newest snapshot and starts the next.
    void start() override {
        graph_.swap_buffers();
        newest_ = graph_.get_node_positions_async();
    }
    bool ready() override { return true; }
    float take() override { return std::get<0>(newest_)[0]; }

  private:
    utils::UnifiedGPUCompute graph_;
    utils::NodeVectors newest_;
};

// The blocking call, which gives the frame itself.
class LegacyBlocking final : public Downloader {
  public:
    explicit LegacyBlocking(std::size_t count) : graph_(count, 0) {}

    triune::StreamHandle stream() override { return graph_.stream().handle(); }
    FrameArrays arrays() override {
        return {{graph_.pos_in_x.as_device_ptr(), graph_.pos_in_y.as_device_ptr(), graph_.pos_in_z.as_device_ptr()},
                {graph_.pos_out_x.as_device_ptr(), graph_.pos_out_y.as_device_ptr(), graph_.pos_out_z.as_device_ptr()},
                graph_.num_nodes};
    }
    void start() override {
        graph_.swap_buffers();
        newest_ = graph_.get_node_positions();
    }
    bool ready() override { return true; }
    float take() override { return std::get<0>(newest_)[0]; }

  private:
    utils::UnifiedGPUCompute graph_;
    utils::NodeVectors newest_;
};

}  // namespace

std::vector<DownloaderEntry> legacy_downloaders() {
    return {{"legacy", [](std::size_t count) { return std::make_unique<Legacy>(count); }},
            {"legacy blocking", [](std::size_t count) { return std::make_unique<LegacyBlocking>(count); }}};
}

}  // namespace bench
