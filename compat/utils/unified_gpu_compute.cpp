// SPDX-License-Identifier: Apache-2.0
#include "utils/unified_gpu_compute.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <utility>

#include <triune/detail/graph/node_download.hpp>
#include <triune/manage/default_manager.hpp>

#include "core_memory.hpp"
#include "graph_memory.hpp"
#include "legacy_error.hpp"

namespace utils {

namespace compat = triune::compat;
using compat::GraphCopies;

namespace {

void expect_length(std::size_t given, std::size_t expected, const char* what) {
    if (given == expected) return;
    throw CudaException(CudaError::InvalidValue, std::string(what) + ": " + std::to_string(given) + " values given, " +
                                                     std::to_string(expected) + " expected");
}

}  // namespace

struct UnifiedGPUCompute::Impl {
    explicit Impl(std::size_t nodes)
        : core(triune::default_manager().core()),
          resources(core->resources),
          positions(resources, nodes, "node positions"),
          velocities(resources, nodes, "node velocities") {}

    std::shared_ptr<triune::ManagerCore> core;
    std::shared_ptr<triune::DeviceResources> resources;
    Stream stream;
    triune::NodeDownload positions;
    triune::NodeDownload velocities;
    std::size_t resizes = 0;

    // The three arrays as they are now: callers may have exchanged them.
    static triune::NodeSpans spans(const DeviceBuffer<float>& x, const DeviceBuffer<float>& y,
                                   const DeviceBuffer<float>& z, std::size_t count) {
        for (const auto* array : {&x, &y, &z}) compat::expect_length(*array, count);
        return {x.as_device_ptr(), y.as_device_ptr(), z.as_device_ptr(), count};
    }
    NodeVectors download(const DeviceBuffer<float>& x, const DeviceBuffer<float>& y, const DeviceBuffer<float>& z,
                         std::size_t count) const {
        static_cast<void>(spans(x, y, z, count));  // before so many values are asked for
        NodeVectors values{std::vector<float>(count), std::vector<float>(count), std::vector<float>(count)};
        GraphCopies copies(*resources);
        copies.download(x, std::get<0>(values));
        copies.download(y, std::get<1>(values));
        copies.download(z, std::get<2>(values));
        copies.finish();
        return values;
    }
};

UnifiedGPUCompute::UnifiedGPUCompute(std::size_t nodes, std::size_t edges) : num_nodes(nodes), num_edges(edges) {
    compat::with_cuda_exceptions([&] {
        auto implementation = std::make_unique<Impl>(nodes);
        compat::DrawnTogether drawn(implementation->core);
        for (auto* array : {&pos_in_x, &pos_in_y, &pos_in_z, &vel_in_x, &vel_in_y, &vel_in_z, &pos_out_x, &pos_out_y,
                            &pos_out_z, &vel_out_x, &vel_out_y, &vel_out_z}) {
            *array = DeviceBuffer<float>::zeroed(nodes);
        }
        mass = DeviceBuffer<float>::filled(nodes, 1.0F);
        edge_row_offsets = DeviceBuffer<std::int32_t>::zeroed(triune::row_offset_count(nodes));
        edge_col_indices = DeviceBuffer<std::int32_t>::zeroed(edges);
        edge_weights = DeviceBuffer<float>::zeroed(edges);
        drawn.synchronize();
        impl_ = implementation.release();
    });
}

UnifiedGPUCompute::~UnifiedGPUCompute() { delete impl_; }

const Stream& UnifiedGPUCompute::stream() const noexcept { return impl_->stream; }

void UnifiedGPUCompute::swap_buffers() noexcept {
    std::swap(pos_in_x, pos_out_x);
    std::swap(pos_in_y, pos_out_y);
    std::swap(pos_in_z, pos_out_z);
    std::swap(vel_in_x, vel_out_x);
    std::swap(vel_in_y, vel_out_y);
    std::swap(vel_in_z, vel_out_z);
}

// All that can fail comes before the first commit; only elements that are not in use may have been written by then.
void UnifiedGPUCompute::resize_buffers(std::size_t new_num_nodes, std::size_t new_num_edges) {
    compat::with_cuda_exceptions([&] {
        using compat::NextArray;
        using triune::grown_count;
        triune::NodeDownload::Resized positions = impl_->positions.prepare_resize(new_num_nodes);
        triune::NodeDownload::Resized velocities = impl_->velocities.prepare_resize(new_num_nodes);

        const compat::DrawnTogether drawn(impl_->core);  // the copies below wait for them too
        std::vector<NextArray<float>> floats;
        std::vector<NextArray<std::int32_t>> integers;
        floats.reserve(14);
        integers.reserve(2);
        for (auto* array : {&pos_in_x, &pos_in_y, &pos_in_z, &vel_in_x, &vel_in_y, &vel_in_z, &pos_out_x, &pos_out_y,
                            &pos_out_z, &vel_out_x, &vel_out_y, &vel_out_z, &mass}) {
            floats.emplace_back(*array, num_nodes, new_num_nodes, grown_count(array->len(), new_num_nodes),
                                array == &mass ? 1.0F : 0.0F);
        }
        const std::size_t offsets = edge_row_offsets.len();
        integers.emplace_back(edge_row_offsets, num_nodes + 1, triune::row_offset_count(new_num_nodes),
                              grown_count(offsets == 0 ? 0 : offsets - 1, new_num_nodes) + 1, 0);
        integers.emplace_back(edge_col_indices, edge_col_indices.len(), new_num_edges,
                              grown_count(edge_col_indices.len(), new_num_edges), 0);
        floats.emplace_back(edge_weights, edge_weights.len(), new_num_edges,
                            grown_count(edge_weights.len(), new_num_edges), 0.0F);
        bool grows = false;
        GraphCopies copies(*impl_->resources);
        const auto copy = [&](auto& array) {
            array.copy(copies);
            grows = grows || array.grows();
        };
        for (auto& array : floats) copy(array);
        for (auto& array : integers) copy(array);
        copies.finish();

        for (auto& array : floats) array.commit();
        for (auto& array : integers) array.commit();
        impl_->positions.adopt(std::move(positions));
        impl_->velocities.adopt(std::move(velocities));
        if (grows) ++impl_->resizes;
        num_nodes = new_num_nodes;
        num_edges = new_num_edges;
    });
}

void UnifiedGPUCompute::upload_positions(const std::vector<float>& x, const std::vector<float>& y,
                                         const std::vector<float>& z) {
    expect_length(x.size(), num_nodes, "x positions");
    expect_length(y.size(), num_nodes, "y positions");
    expect_length(z.size(), num_nodes, "z positions");
    compat::with_cuda_exceptions([&] {
        static_cast<void>(
            Impl::spans(pos_in_x, pos_in_y, pos_in_z, num_nodes));  // all three before the first is written
        GraphCopies copies(*impl_->resources);
        copies.upload(pos_in_x, x);
        copies.upload(pos_in_y, y);
        copies.upload(pos_in_z, z);
        copies.finish();
    });
}

void UnifiedGPUCompute::upload_velocities(const std::vector<float>& x, const std::vector<float>& y,
                                          const std::vector<float>& z) {
    expect_length(x.size(), num_nodes, "x velocities");
    expect_length(y.size(), num_nodes, "y velocities");
    expect_length(z.size(), num_nodes, "z velocities");
    compat::with_cuda_exceptions([&] {
        static_cast<void>(
            Impl::spans(vel_in_x, vel_in_y, vel_in_z, num_nodes));  // all three before the first is written
        GraphCopies copies(*impl_->resources);
        copies.upload(vel_in_x, x);
        copies.upload(vel_in_y, y);
        copies.upload(vel_in_z, z);
        copies.finish();
    });
}

void UnifiedGPUCompute::upload_edges_csr(const std::vector<std::int32_t>& row_offsets,
                                         const std::vector<std::int32_t>& col_indices,
                                         const std::vector<float>& weights) {
    expect_length(row_offsets.size(), num_nodes + 1, "row offsets");
    expect_length(weights.size(), col_indices.size(), "edge weights");
    if (col_indices.size() > edge_col_indices.len()) {
        throw CudaException(CudaError::InvalidValue, std::to_string(col_indices.size()) + " edges given, " +
                                                         std::to_string(edge_col_indices.len()) + " allocated");
    }
    compat::with_cuda_exceptions([&] {
        compat::expect_length(edge_row_offsets, row_offsets.size());
        compat::expect_length(edge_weights, weights.size());
        GraphCopies copies(*impl_->resources);
        copies.upload(edge_row_offsets, row_offsets);
        copies.upload(edge_col_indices, col_indices);
        copies.upload(edge_weights, weights);
        copies.finish();
    });
    num_edges = col_indices.size();
}

NodeVectors UnifiedGPUCompute::get_node_positions() {
    return compat::with_cuda_exceptions([&] { return impl_->download(pos_in_x, pos_in_y, pos_in_z, num_nodes); });
}

NodeVectors UnifiedGPUCompute::get_node_velocities() {
    return compat::with_cuda_exceptions([&] { return impl_->download(vel_in_x, vel_in_y, vel_in_z, num_nodes); });
}

NodeVectors UnifiedGPUCompute::get_node_positions_async() {
    return compat::with_cuda_exceptions([&] {
        const auto source = Impl::spans(pos_in_x, pos_in_y, pos_in_z, num_nodes);
        return impl_->positions.latest_vectors(source, impl_->stream.handle());
    });
}

NodeVectors UnifiedGPUCompute::get_node_velocities_async() {
    return compat::with_cuda_exceptions([&] {
        const auto source = Impl::spans(vel_in_x, vel_in_y, vel_in_z, num_nodes);
        return impl_->velocities.latest_vectors(source, impl_->stream.handle());
    });
}

void UnifiedGPUCompute::start_async_download_positions() {
    compat::with_cuda_exceptions(
        [&] { impl_->positions.start(Impl::spans(pos_in_x, pos_in_y, pos_in_z, num_nodes), impl_->stream.handle()); });
}

void UnifiedGPUCompute::start_async_download_velocities() {
    compat::with_cuda_exceptions(
        [&] { impl_->velocities.start(Impl::spans(vel_in_x, vel_in_y, vel_in_z, num_nodes), impl_->stream.handle()); });
}

NodeVectors UnifiedGPUCompute::wait_for_download_positions() {
    return compat::with_cuda_exceptions([&] { return impl_->positions.wait().to_vectors(); });
}

NodeVectors UnifiedGPUCompute::wait_for_download_velocities() {
    return compat::with_cuda_exceptions([&] { return impl_->velocities.wait().to_vectors(); });
}

void UnifiedGPUCompute::sync_all_transfers() {
    compat::with_cuda_exceptions([&] {
        impl_->positions.wait();
        impl_->velocities.wait();
    });
}

std::tuple<std::size_t, float, std::size_t> UnifiedGPUCompute::get_memory_metrics() const {
    std::size_t allocated = sizeof(std::int32_t) * (edge_row_offsets.len() + edge_col_indices.len());
    for (const auto* array : {&pos_in_x, &pos_in_y, &pos_in_z, &vel_in_x, &vel_in_y, &vel_in_z, &pos_out_x, &pos_out_y,
                              &pos_out_z, &vel_out_x, &vel_out_y, &vel_out_z, &mass, &edge_weights}) {
        allocated += sizeof(float) * array->len();
    }
    const std::size_t used = triune::graph_bytes(num_nodes, num_edges);
    return {used, static_cast<float>(used) / static_cast<float>(allocated), impl_->resizes};
}

}  // namespace utils
