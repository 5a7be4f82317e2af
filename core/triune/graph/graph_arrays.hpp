// SPDX-License-Identifier: Apache-2.0
// The node and edge arrays of a graph on a device.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <tuple>

#include <triune/device/stream.hpp>
#include <triune/graph/node_views.hpp>
#include <triune/manage/buffer.hpp>
#include <triune/manage/download_mode.hpp>

namespace triune {

class GpuMemoryManager;
struct NodeSpans;

// Made to be derived from: kernels stay with the application, which launches them on the public arrays. They read *_in
// and write *_out, then swap_buffers() exchanges the two. An array's size() is what is allocated, at least num_nodes or
// num_edges; node arrays begin zeroed, mass with 1.
// One object is for one thread at a time. Calls but the downloads have finished when they return. What throws has
// changed nothing. Errors: invalid_argument, limit_exceeded, out_of_memory, device_error.
class GraphArrays {
  public:
    // On the default manager.
    GraphArrays(std::size_t nodes, std::size_t edges, CallSite where = CallSite::current());
    // `manager`'s device must be the current one for stream().
    GraphArrays(GpuMemoryManager& manager, std::size_t nodes, std::size_t edges, CallSite where = CallSite::current());
    GraphArrays(const GraphArrays&) = delete;
    GraphArrays& operator=(const GraphArrays&) = delete;
    virtual ~GraphArrays();

    Buffer<float> pos_in_x, pos_in_y, pos_in_z;
    Buffer<float> vel_in_x, vel_in_y, vel_in_z;
    Buffer<float> pos_out_x, pos_out_y, pos_out_z;
    Buffer<float> vel_out_x, vel_out_y, vel_out_z;
    Buffer<float> mass;

    // Edges, compressed sparse rows: num_nodes + 1 offsets.
    Buffer<std::int32_t> edge_row_offsets;
    Buffer<std::int32_t> edge_col_indices;
    Buffer<float> edge_weights;

    std::size_t num_nodes;
    std::size_t num_edges;

    const Stream& stream() const noexcept;
    // Also while a download is in flight, which still delivers what it started from.
    void swap_buffers() noexcept;
    // The first min(old, new) nodes and the edge arrays keep their contents, new nodes are zero with mass 1.
    // Allocations grow by half at least and never shrink. Downloads under way are completed first; later ones have
    // `nodes` entries.
    void resize(std::size_t nodes, std::size_t edges, CallSite where = CallSite::current());

    // num_nodes values each; invalid_argument for another length.
    void upload_positions(std::span<const float> x, std::span<const float> y, std::span<const float> z,
                          CallSite where = CallSite::current());
    void upload_velocities(std::span<const float> x, std::span<const float> y, std::span<const float> z,
                           CallSite where = CallSite::current());
    // num_nodes + 1 offsets, as many indices as weights, at most as many as allocated; sets num_edges.
    void upload_edges(std::span<const std::int32_t> row_offsets, std::span<const std::int32_t> col_indices,
                      std::span<const float> weights, CallSite where = CallSite::current());
    NodeVectors download_positions(CallSite where = CallSite::current()) const;
    NodeVectors download_velocities(CallSite where = CallSite::current()) const;

    // Downloads of pos_in_* and vel_in_* as they are after what is queued on stream(): see NodeDownload.
    void start_positions_download();
    void start_velocities_download();
    // Of downloads that start later; staged at first. `direct` is for programs whose kernels write *_out alone: what
    // they queue on stream() after the next swap_buffers(), which then writes the arrays that were downloaded, waits
    // for the download by itself.
    void set_download_mode(DownloadMode mode) noexcept;
    NodeViews wait_for_positions(WaitMode mode = WaitMode::prompt, CallSite where = CallSite::current());
    NodeViews wait_for_velocities(WaitMode mode = WaitMode::prompt, CallSite where = CallSite::current());
    // Whether the call above would return at once.
    bool poll_positions();
    bool poll_velocities();
    // The newest complete snapshot, at once; keeps one download in flight.
    NodeViews latest_positions(CallSite where = CallSite::current());
    NodeViews latest_velocities(CallSite where = CallSite::current());
    // Waits for the downloads under way.
    void wait_for_downloads();

    // Bytes that num_nodes and num_edges use in all arrays, that divided by the bytes allocated, and how many resizes
    // allocated.
    std::tuple<std::size_t, float, std::size_t> memory_metrics() const;

  private:
    void resize_in_place(std::size_t nodes, std::size_t edges);
    NodeSpans position_spans();
    NodeSpans velocity_spans();

    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace triune
