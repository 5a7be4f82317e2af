#include "utils/unified_gpu_compute.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <utility>

#include "device/device.hpp"
#include "utils/host_snapshot.hpp"

namespace utils {

using legacy::check;
using legacy::device;
using legacy::HostSnapshot;

namespace {

void expect_length(std::size_t given, std::size_t expected, const char* what) {
    if (given != expected) {
        throw CudaException(CudaError::InvalidValue, std::string(what) + ": " + std::to_string(given) +
                                                         " values given, " + std::to_string(expected) + " expected");
    }
}

// Uploads to the front of the buffer, which may be longer than the values.
template <typename T>
void upload_front(const DeviceBuffer<T>& buffer, const std::vector<T>& values) {
    check(device().upload(buffer.as_device_ptr(), values.data(), values.size() * sizeof(T)),
          "cudaMemcpy to the device");
}

// Fills elements [first, last) of the buffer.
template <typename T>
void fill_range(const DeviceBuffer<T>& buffer, std::size_t first, std::size_t last, T value) {
    if (first < last) {
        const std::vector<T> values(last - first, value);
        check(device().upload(buffer.as_device_ptr() + first, values.data(), values.size() * sizeof(T)),
              "cudaMemcpy to the device");
    }
}

// A longer buffer with the same first `kept` elements and zeros after them.
template <typename T>
DeviceBuffer<T> grown(const DeviceBuffer<T>& buffer, std::size_t count, std::size_t kept) {
    DeviceBuffer<T> longer = DeviceBuffer<T>::zeroed(count);
    check(device().copy(longer.as_device_ptr(), buffer.as_device_ptr(), kept * sizeof(T)), "cudaMemcpy");
    return longer;
}

std::size_t grown_size(std::size_t allocated, std::size_t required) {
    return std::max(allocated + allocated / 2, required);
}

}  // namespace

struct UnifiedGPUCompute::Impl {
    Stream stream;
    HostSnapshot positions;
    HostSnapshot velocities;
    std::size_t resizes = 0;

    explicit Impl(std::size_t num_nodes) : positions(num_nodes), velocities(num_nodes) {}
};

UnifiedGPUCompute::UnifiedGPUCompute(std::size_t nodes, std::size_t edges)
    : pos_in_x(DeviceBuffer<float>::zeroed(nodes)),
      pos_in_y(DeviceBuffer<float>::zeroed(nodes)),
      pos_in_z(DeviceBuffer<float>::zeroed(nodes)),
      vel_in_x(DeviceBuffer<float>::zeroed(nodes)),
      vel_in_y(DeviceBuffer<float>::zeroed(nodes)),
      vel_in_z(DeviceBuffer<float>::zeroed(nodes)),
      pos_out_x(DeviceBuffer<float>::zeroed(nodes)),
      pos_out_y(DeviceBuffer<float>::zeroed(nodes)),
      pos_out_z(DeviceBuffer<float>::zeroed(nodes)),
      vel_out_x(DeviceBuffer<float>::zeroed(nodes)),
      vel_out_y(DeviceBuffer<float>::zeroed(nodes)),
      vel_out_z(DeviceBuffer<float>::zeroed(nodes)),
      mass(DeviceBuffer<float>::filled(nodes, 1.0F)),
      edge_row_offsets(DeviceBuffer<std::int32_t>::zeroed(nodes + 1)),
      edge_col_indices(DeviceBuffer<std::int32_t>::zeroed(edges)),
      edge_weights(DeviceBuffer<float>::zeroed(edges)),
      num_nodes(nodes),
      num_edges(edges),
      impl_(new Impl(nodes)) {}

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

void UnifiedGPUCompute::resize_buffers(std::size_t new_num_nodes, std::size_t new_num_edges) {
    sync_all_transfers();
    impl_->stream.synchronize();

    const std::array<DeviceBuffer<float>*, 13> node_buffers{&pos_in_x,  &pos_in_y,  &pos_in_z,  &vel_in_x,  &vel_in_y,
                                                            &vel_in_z,  &pos_out_x, &pos_out_y, &pos_out_z, &vel_out_x,
                                                            &vel_out_y, &vel_out_z, &mass};
    const std::size_t kept = std::min(num_nodes, new_num_nodes);
    const bool more_nodes = new_num_nodes > pos_in_x.len();
    const bool more_edges = new_num_edges > edge_col_indices.len();

    // Everything that can fail comes before the first change.
    std::array<DeviceBuffer<float>, 13> longer;
    DeviceBuffer<std::int32_t> longer_offsets;
    DeviceBuffer<std::int32_t> longer_indices;
    DeviceBuffer<float> longer_weights;
    if (more_nodes) {
        const std::size_t allocated = grown_size(pos_in_x.len(), new_num_nodes);
        for (std::size_t i = 0; i < node_buffers.size(); ++i) {
            longer[i] = grown(*node_buffers[i], allocated, kept);
        }
        fill_range(longer.back(), kept, allocated, 1.0F);
        longer_offsets = grown(edge_row_offsets, allocated + 1, kept + 1);
    }
    if (more_edges) {
        const std::size_t allocated = grown_size(edge_col_indices.len(), new_num_edges);
        longer_indices = grown(edge_col_indices, allocated, edge_col_indices.len());
        longer_weights = grown(edge_weights, allocated, edge_weights.len());
    }
    if (!more_nodes) {
        for (const DeviceBuffer<float>* buffer : node_buffers) {
            fill_range(*buffer, kept, new_num_nodes, buffer == &mass ? 1.0F : 0.0F);
        }
        fill_range(edge_row_offsets, kept + 1, new_num_nodes + 1, std::int32_t{0});
    }
    HostSnapshot::Resized positions = impl_->positions.resized(new_num_nodes);
    HostSnapshot::Resized velocities = impl_->velocities.resized(new_num_nodes);

    if (more_nodes) {
        for (std::size_t i = 0; i < node_buffers.size(); ++i) {
            *node_buffers[i] = std::move(longer[i]);
        }
        edge_row_offsets = std::move(longer_offsets);
    }
    if (more_edges) {
        edge_col_indices = std::move(longer_indices);
        edge_weights = std::move(longer_weights);
    }
    impl_->positions.replace(std::move(positions));
    impl_->velocities.replace(std::move(velocities));
    impl_->resizes += more_nodes || more_edges ? 1 : 0;
    num_nodes = new_num_nodes;
    num_edges = new_num_edges;
}

void UnifiedGPUCompute::upload_positions(const std::vector<float>& x, const std::vector<float>& y,
                                         const std::vector<float>& z) {
    expect_length(x.size(), num_nodes, "x positions");
    expect_length(y.size(), num_nodes, "y positions");
    expect_length(z.size(), num_nodes, "z positions");
    impl_->stream.synchronize();
    upload_front(pos_in_x, x);
    upload_front(pos_in_y, y);
    upload_front(pos_in_z, z);
}

void UnifiedGPUCompute::upload_velocities(const std::vector<float>& x, const std::vector<float>& y,
                                          const std::vector<float>& z) {
    expect_length(x.size(), num_nodes, "x velocities");
    expect_length(y.size(), num_nodes, "y velocities");
    expect_length(z.size(), num_nodes, "z velocities");
    impl_->stream.synchronize();
    upload_front(vel_in_x, x);
    upload_front(vel_in_y, y);
    upload_front(vel_in_z, z);
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
    impl_->stream.synchronize();
    upload_front(edge_row_offsets, row_offsets);
    upload_front(edge_col_indices, col_indices);
    upload_front(edge_weights, weights);
    num_edges = col_indices.size();
}

NodeVectors UnifiedGPUCompute::get_node_positions() {
    return legacy::download(impl_->stream, {&pos_in_x, &pos_in_y, &pos_in_z}, num_nodes);
}

NodeVectors UnifiedGPUCompute::get_node_velocities() {
    return legacy::download(impl_->stream, {&vel_in_x, &vel_in_y, &vel_in_z}, num_nodes);
}

NodeVectors UnifiedGPUCompute::get_node_positions_async() {
    impl_->positions.publish_if_complete();
    NodeVectors newest = impl_->positions.newest();
    start_async_download_positions();
    return newest;
}

NodeVectors UnifiedGPUCompute::get_node_velocities_async() {
    impl_->velocities.publish_if_complete();
    NodeVectors newest = impl_->velocities.newest();
    start_async_download_velocities();
    return newest;
}

void UnifiedGPUCompute::start_async_download_positions() {
    impl_->positions.start(impl_->stream, {&pos_in_x, &pos_in_y, &pos_in_z}, num_nodes);
}

void UnifiedGPUCompute::start_async_download_velocities() {
    impl_->velocities.start(impl_->stream, {&vel_in_x, &vel_in_y, &vel_in_z}, num_nodes);
}

NodeVectors UnifiedGPUCompute::wait_for_download_positions() {
    impl_->positions.wait();
    return impl_->positions.newest();
}

NodeVectors UnifiedGPUCompute::wait_for_download_velocities() {
    impl_->velocities.wait();
    return impl_->velocities.newest();
}

void UnifiedGPUCompute::sync_all_transfers() {
    impl_->positions.wait();
    impl_->velocities.wait();
}

std::tuple<std::size_t, float, std::size_t> UnifiedGPUCompute::get_memory_metrics() const {
    const std::size_t used = sizeof(float) * (13 * num_nodes + (num_nodes + 1) + 2 * num_edges);
    std::size_t allocated = 0;
    for (const auto* buffer : {&pos_in_x, &pos_in_y, &pos_in_z, &vel_in_x, &vel_in_y, &vel_in_z, &pos_out_x, &pos_out_y,
                               &pos_out_z, &vel_out_x, &vel_out_y, &vel_out_z, &mass, &edge_weights}) {
        allocated += buffer->len() * sizeof(float);
    }
    allocated += (edge_row_offsets.len() + edge_col_indices.len()) * sizeof(std::int32_t);
    return {used, static_cast<float>(used) / static_cast<float>(allocated), impl_->resizes};
}

}  // namespace utils
