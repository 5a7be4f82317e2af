// SPDX-License-Identifier: Apache-2.0
#include <triune/graph/graph_arrays.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <string>
#include <utility>
#include <vector>

#include <triune/base/error.hpp>
#include <triune/detail/graph/graph_growth.hpp>
#include <triune/detail/graph/node_download.hpp>
#include <triune/detail/manage/buffer_downloads.hpp>
#include <triune/detail/manage/manager_core.hpp>
#include <triune/manage/default_manager.hpp>

namespace triune {
namespace {

constexpr std::size_t array_count = 16;

// Of the program that makes the graph, as records tell.
template <DeviceElement T>
Buffer<T> array(GpuMemoryManager& manager, const char* name, const CallSite& where) {
    return manager.make_member<T>(name, 0, GpuMemoryManager::unbounded(), where);
}

void expect_length(std::size_t given, std::size_t expected, const std::string& what) {
    if (given == expected) return;
    throw invalid_argument(what + ": " + std::to_string(given) + " values given, " + std::to_string(expected) +
                           " expected");
}

}  // namespace

struct GraphArrays::Impl {
    Impl(GpuMemoryManager& manager, std::size_t nodes)
        : stream(manager.device()),
          positions(manager.core()->resources, nodes, "positions"),
          velocities(manager.core()->resources, nodes, "velocities") {}

    Stream stream;
    NodeDownload positions;
    NodeDownload velocities;
    std::size_t resizes = 0;
};

GraphArrays::GraphArrays(std::size_t nodes, std::size_t edges, CallSite where)
    : GraphArrays(default_manager(), nodes, edges, where) {}

GraphArrays::GraphArrays(GpuMemoryManager& manager, std::size_t nodes, std::size_t edges, CallSite where) try
    : pos_in_x(array<float>(manager, "graph.pos_in_x", where)),
      pos_in_y(array<float>(manager, "graph.pos_in_y", where)),
      pos_in_z(array<float>(manager, "graph.pos_in_z", where)),
      vel_in_x(array<float>(manager, "graph.vel_in_x", where)),
      vel_in_y(array<float>(manager, "graph.vel_in_y", where)),
      vel_in_z(array<float>(manager, "graph.vel_in_z", where)),
      pos_out_x(array<float>(manager, "graph.pos_out_x", where)),
      pos_out_y(array<float>(manager, "graph.pos_out_y", where)),
      pos_out_z(array<float>(manager, "graph.pos_out_z", where)),
      vel_out_x(array<float>(manager, "graph.vel_out_x", where)),
      vel_out_y(array<float>(manager, "graph.vel_out_y", where)),
      vel_out_z(array<float>(manager, "graph.vel_out_z", where)),
      mass(array<float>(manager, "graph.mass", where)),
      edge_row_offsets(array<std::int32_t>(manager, "graph.edge_row_offsets", where)),
      edge_col_indices(array<std::int32_t>(manager, "graph.edge_col_indices", where)),
      edge_weights(array<float>(manager, "graph.edge_weights", where)),
      num_nodes(row_offset_count(nodes) - 1),  // refuses more than there can be
      num_edges(edges),
      impl_(std::make_unique<Impl>(manager, nodes)) {
    Shortage::retry([&](Shortage& shortage) {
        GraphGrowth growth(*manager.core()->resources, array_count, shortage);
        for (const auto* array : {&pos_in_x, &pos_in_y, &pos_in_z, &vel_in_x, &vel_in_y, &vel_in_z, &pos_out_x,
                                  &pos_out_y, &pos_out_z, &vel_out_x, &vel_out_y, &vel_out_z}) {
            growth.create(*array, nodes);
        }
        growth.create(mass, nodes, std::bit_cast<std::uint32_t>(1.0F));
        growth.create(edge_row_offsets, row_offset_count(nodes));
        growth.create(edge_col_indices, edges);
        growth.create(edge_weights, edges);
        growth.finish();
        growth.commit();
    });
} catch (Error& error) {
    error.called_at(where);
    throw;
}

GraphArrays::~GraphArrays() = default;

const Stream& GraphArrays::stream() const noexcept { return impl_->stream; }

void GraphArrays::swap_buffers() noexcept {
    std::swap(pos_in_x, pos_out_x);
    std::swap(pos_in_y, pos_out_y);
    std::swap(pos_in_z, pos_out_z);
    std::swap(vel_in_x, vel_out_x);
    std::swap(vel_in_y, vel_out_y);
    std::swap(vel_in_z, vel_out_z);
    impl_->positions.hold_back(impl_->stream.handle());
    impl_->velocities.hold_back(impl_->stream.handle());
}

// All that can fail is prepared first; see Note [Growth in two steps].
void GraphArrays::resize(std::size_t nodes, std::size_t edges, CallSite where) {
    detail::at(where, [&] { resize_in_place(nodes, edges); });
}

void GraphArrays::resize_in_place(std::size_t nodes, std::size_t edges) {
    NodeDownload::Resized positions = impl_->positions.prepare_resize(nodes);
    NodeDownload::Resized velocities = impl_->velocities.prepare_resize(nodes);
    impl_->stream.synchronize();

    const bool allocated = Shortage::retry([&](Shortage& shortage) {
        GraphGrowth growth(*mass.state().core().resources, array_count, shortage);
        for (const auto* array : {&pos_in_x, &pos_in_y, &pos_in_z, &vel_in_x, &vel_in_y, &vel_in_z, &pos_out_x,
                                  &pos_out_y, &pos_out_z, &vel_out_x, &vel_out_y, &vel_out_z}) {
            growth.require(*array, num_nodes, nodes, 0);
        }
        growth.require(mass, num_nodes, nodes, std::bit_cast<std::uint32_t>(1.0F));
        growth.require_row_offsets(edge_row_offsets, num_nodes, nodes);
        growth.require(edge_col_indices, edge_col_indices.size(), edges, 0);
        growth.require(edge_weights, edge_weights.size(), edges, 0);
        growth.finish();
        return growth.commit();
    });
    impl_->positions.adopt(std::move(positions));
    impl_->velocities.adopt(std::move(velocities));
    impl_->resizes += allocated ? 1 : 0;
    num_nodes = nodes;
    num_edges = edges;
}

namespace {

// Nothing where one has another length.
void upload(const std::array<const Buffer<float>*, 3>& to, const std::array<std::span<const float>, 3>& from,
            std::size_t nodes, const std::string& what) {
    constexpr std::array axes{"x ", "y ", "z "};
    for (std::size_t axis = 0; axis < axes.size(); ++axis) expect_length(from[axis].size(), nodes, axes[axis] + what);
    for (std::size_t axis = 0; axis < axes.size(); ++axis) to[axis]->upload_at(0, from[axis]);
}

}  // namespace

void GraphArrays::upload_positions(std::span<const float> x, std::span<const float> y, std::span<const float> z,
                                   CallSite where) {
    detail::at(where, [&] { upload({&pos_in_x, &pos_in_y, &pos_in_z}, {x, y, z}, num_nodes, "positions"); });
}

void GraphArrays::upload_velocities(std::span<const float> x, std::span<const float> y, std::span<const float> z,
                                    CallSite where) {
    detail::at(where, [&] { upload({&vel_in_x, &vel_in_y, &vel_in_z}, {x, y, z}, num_nodes, "velocities"); });
}

void GraphArrays::upload_edges(std::span<const std::int32_t> row_offsets, std::span<const std::int32_t> col_indices,
                               std::span<const float> weights, CallSite where) {
    detail::at(where, [&] {
        expect_length(row_offsets.size(), num_nodes + 1, "row offsets");
        expect_length(weights.size(), col_indices.size(), "edge weights");
        if (col_indices.size() > edge_col_indices.size()) {
            throw invalid_argument(std::to_string(col_indices.size()) + " edges given, " +
                                   std::to_string(edge_col_indices.size()) + " allocated");
        }
        edge_row_offsets.upload_at(0, row_offsets);
        edge_col_indices.upload_at(0, col_indices);
        edge_weights.upload_at(0, weights);
        num_edges = col_indices.size();
    });
}

namespace {

std::vector<float> first(const Buffer<float>& array, std::size_t count) {
    std::vector<float> values(count);
    array.download_at(0, values);
    return values;
}

// The arrays are public: what was done to one alone must not lead a download past its end.
NodeSpans spans(const Buffer<float>& x, const Buffer<float>& y, const Buffer<float>& z, std::size_t count) {
    for (const Buffer<float>* array : {&x, &y, &z}) {
        if (array->size() >= count) continue;
        throw invalid_argument("'" + array->name() + "' has " + std::to_string(array->size()) + " of " +
                               std::to_string(count) + " nodes");
    }
    return {x.data(), y.data(), z.data(), count};
}

}  // namespace

// What downloads read is noted first: work on other streams is then held back, also after a swap.
NodeSpans GraphArrays::position_spans() {
    const NodeSpans read = spans(pos_in_x, pos_in_y, pos_in_z, num_nodes);
    for (const auto* array : {&pos_in_x, &pos_in_y, &pos_in_z})
        BufferDownloads::read_by(array->state(), impl_->positions.channel());
    return read;
}

NodeSpans GraphArrays::velocity_spans() {
    const NodeSpans read = spans(vel_in_x, vel_in_y, vel_in_z, num_nodes);
    for (const auto* array : {&vel_in_x, &vel_in_y, &vel_in_z})
        BufferDownloads::read_by(array->state(), impl_->velocities.channel());
    return read;
}

NodeVectors GraphArrays::download_positions(CallSite where) const {
    return detail::at(where, [&] {
        return NodeVectors{first(pos_in_x, num_nodes), first(pos_in_y, num_nodes), first(pos_in_z, num_nodes)};
    });
}

NodeVectors GraphArrays::download_velocities(CallSite where) const {
    return detail::at(where, [&] {
        return NodeVectors{first(vel_in_x, num_nodes), first(vel_in_y, num_nodes), first(vel_in_z, num_nodes)};
    });
}

void GraphArrays::start_positions_download() { impl_->positions.start(position_spans(), impl_->stream.handle()); }

void GraphArrays::start_velocities_download() { impl_->velocities.start(velocity_spans(), impl_->stream.handle()); }

void GraphArrays::set_download_mode(DownloadMode mode) noexcept {
    impl_->positions.set_mode(mode);
    impl_->velocities.set_mode(mode);
}

NodeViews GraphArrays::wait_for_positions(WaitMode mode, CallSite where) {
    return detail::at(where, [&] { return impl_->positions.wait(mode); });
}
NodeViews GraphArrays::wait_for_velocities(WaitMode mode, CallSite where) {
    return detail::at(where, [&] { return impl_->velocities.wait(mode); });
}
bool GraphArrays::poll_positions() { return impl_->positions.poll(); }
bool GraphArrays::poll_velocities() { return impl_->velocities.poll(); }

NodeViews GraphArrays::latest_positions(CallSite where) {
    return detail::at(where, [&] { return impl_->positions.latest(position_spans(), impl_->stream.handle()); });
}

NodeViews GraphArrays::latest_velocities(CallSite where) {
    return detail::at(where, [&] { return impl_->velocities.latest(velocity_spans(), impl_->stream.handle()); });
}

void GraphArrays::wait_for_downloads() {
    static_cast<void>(impl_->positions.wait());
    static_cast<void>(impl_->velocities.wait());
}

std::tuple<std::size_t, float, std::size_t> GraphArrays::memory_metrics() const {
    std::size_t allocated = edge_row_offsets.size_bytes() + edge_col_indices.size_bytes();
    for (const auto* array : {&pos_in_x, &pos_in_y, &pos_in_z, &vel_in_x, &vel_in_y, &vel_in_z, &pos_out_x, &pos_out_y,
                              &pos_out_z, &vel_out_x, &vel_out_y, &vel_out_z, &mass, &edge_weights}) {
        allocated += array->size_bytes();
    }
    const std::size_t used = graph_bytes(num_nodes, num_edges);
    return {used, static_cast<float>(used) / static_cast<float>(allocated), impl_->resizes};
}

}  // namespace triune
