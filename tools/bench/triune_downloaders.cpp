// SPDX-License-Identifier: Apache-2.0
// The library's own downloads: of a group of arrays, and of a graph's positions.
#include <array>
#include <optional>

#include <triune/triune.hpp>

#include "downloader.hpp"

namespace bench {
namespace {

constexpr std::size_t limit_bytes = std::size_t{16} << 30;

using Group = triune::BufferGroup<float>;

Group make_group(triune::GpuMemoryManager& manager, const char* name, std::size_t count) {
    triune::BufferConfig config = triune::GpuMemoryManager::unbounded();
    config.enable_async = true;
    return {manager, name, {"x", "y", "z"}, count, config};
}

// One group, which the kernels write in place: each download has a copy of its own, made on the device.
class Staged final : public Downloader {
  public:
    explicit Staged(std::size_t count) : group_(make_group(manager_, "positions", count)) {}

    triune::StreamHandle stream() override { return stream_.handle(); }
    FrameArrays arrays() override {
        FrameArrays arrays;
        for (std::size_t i = 0; i < 3; ++i) arrays.in[i] = arrays.out[i] = group_[i].data();
        arrays.count = group_.size();
        return arrays;
    }
    void start() override { group_.start_async_download(stream_.handle()); }
    bool ready() override { return group_.poll_download(); }
    float take() override { return group_.wait_for_download()[0][0]; }

  private:
    triune::GpuMemoryManager manager_ = triune::GpuMemoryManager::with_limit(limit_bytes);
    triune::Stream stream_;
    Group group_;
};

// Two groups in turn, straight over the link: the kernels leave alone what is on its way.
class Direct final : public Downloader {
  public:
    explicit Direct(std::size_t count)
        : groups_{make_group(manager_, "even", count), make_group(manager_, "odd", count)} {}

    triune::StreamHandle stream() override { return stream_.handle(); }
    FrameArrays arrays() override {
        FrameArrays arrays;
        const Group& to = groups_[next_];
        const Group& from = groups_[1 - next_];
        for (std::size_t i = 0; i < 3; ++i) {
            arrays.in[i] = from[i].data();
            arrays.out[i] = to[i].data();
        }
        arrays.count = to.size();
        return arrays;
    }
    void start() override {
        groups_[next_].start_async_download(stream_.handle(), triune::DownloadMode::direct);
        next_ = 1 - next_;
    }
    bool ready() override { return groups_[1 - next_].poll_download(); }
    float take() override { return groups_[1 - next_].wait_for_download()[0][0]; }

  private:
    triune::GpuMemoryManager manager_ = triune::GpuMemoryManager::with_limit(limit_bytes);
    triune::Stream stream_;
    std::array<Group, 2> groups_;
    std::size_t next_ = 0;
};

class Graph final : public Downloader {
  public:
    explicit Graph(std::size_t count) : graph_(manager_, count, 0) {}

    triune::StreamHandle stream() override { return graph_.stream().handle(); }
    FrameArrays arrays() override {
        return {{graph_.pos_in_x.data(), graph_.pos_in_y.data(), graph_.pos_in_z.data()},
                {graph_.pos_out_x.data(), graph_.pos_out_y.data(), graph_.pos_out_z.data()},
                graph_.num_nodes};
    }
    void start() override {
        graph_.swap_buffers();
        graph_.start_positions_download();
    }
    bool ready() override { return graph_.poll_positions(); }
    float take() override { return graph_.wait_for_positions().x[0]; }

  private:
    triune::GpuMemoryManager manager_ = triune::GpuMemoryManager::with_limit(limit_bytes);
    triune::GraphArrays graph_;
};

}  // namespace

std::vector<DownloaderEntry> triune_downloaders() {
    return {{"triune", [](std::size_t count) { return std::make_unique<Staged>(count); }},
            {"triune direct", [](std::size_t count) { return std::make_unique<Direct>(count); }},
            {"triune graph", [](std::size_t count) { return std::make_unique<Graph>(count); }}};
}

}  // namespace bench
