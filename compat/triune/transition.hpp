// SPDX-License-Identifier: Apache-2.0
// The new classes with the legacy spellings as deprecated members. triune-migrate names one of these where a place that it
// cannot edit still uses an old name of an object whose type it has migrated. Each use is one deprecation warning; a later
// run names the plain class once the last of them is gone. Thread-safety and errors are those of the plain classes.
#pragma once

#include "utils/triune_deprecation.hpp"

#include <triune/triune.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <future>
#include <source_location>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

TRIUNE_QUIET_BEGIN

namespace triune::transition {

template <DeviceElement T>
class Buffer : public triune::Buffer<T> {
public:
    using triune::Buffer<T>::Buffer;
    Buffer() noexcept = default;
    Buffer(triune::Buffer<T>&& plain) noexcept : triune::Buffer<T>(std::move(plain)) {}

    // Without the place of the call, so that their addresses are what they were.
    static Buffer zeroed(std::size_t count) { return triune::Buffer<T>::zeroed(count, {}); }
    static Buffer filled(std::size_t count, const T& value) { return triune::Buffer<T>::filled(count, value, {}); }
    static Buffer from_host(std::span<const T> values, std::source_location where = std::source_location::current()) {
        return triune::Buffer<T>::from_host(values, where);
    }

    TRIUNE_DEPRECATED_DEVICE_BUFFER("6001", "triune::Buffer<T>::from_host(values)")
    static Buffer from_slice(const std::vector<T>& values) { return triune::Buffer<T>::from_host(values); }
    TRIUNE_DEPRECATED_DEVICE_BUFFER("6001", "triune::Buffer<T>::size()")
    std::size_t len() const noexcept { return this->size(); }
    TRIUNE_DEPRECATED_DEVICE_BUFFER("6001", "triune::Buffer<T>::empty()")
    bool is_empty() const noexcept { return this->empty(); }
    TRIUNE_DEPRECATED_DEVICE_BUFFER("6001", "triune::Buffer<T>::data()")
    T* as_device_ptr() const noexcept { return this->data(); }
    using triune::Buffer<T>::copy_from;
    TRIUNE_DEPRECATED_DEVICE_BUFFER("6001", "triune::Buffer<T>::upload(values)")
    void copy_from(const std::vector<T>& values) { this->upload(values); }
    TRIUNE_DEPRECATED_DEVICE_BUFFER("6001", "triune::Buffer<T>::download(values)")
    void copy_to(std::vector<T>& values) const { this->download(std::span<T>(values)); }
    TRIUNE_DEPRECATED_GPU_MEMORY("6001", "the triune::Buffer<T> itself")
    const Buffer& as_device_buffer() const noexcept { return *this; }
    TRIUNE_DEPRECATED_GPU_MEMORY("6001", "the triune::Buffer<T> itself")
    Buffer& as_device_buffer_mut() noexcept { return *this; }
};

template <DeviceElement T>
Buffer<T> make_buffer(std::string_view name, std::size_t count) {
    return default_manager().make_buffer<T>(name, count);
}

template <typename Values>
auto make_buffer_from(std::string_view name, const Values& values) {
    auto made = default_manager().make_buffer_from(name, values);
    return Buffer<typename decltype(made)::value_type>(std::move(made));
}

class StreamSet : public triune::StreamSet {
public:
    using triune::StreamSet::StreamSet;

    TRIUNE_DEPRECATED_GPU_MEMORY("6003", "triune::StreamSet::compute()")
    const Stream& get_compute_stream() const noexcept { return compute(); }
    TRIUNE_DEPRECATED_GPU_MEMORY("6003", "triune::StreamSet::memory()")
    const Stream& get_memory_stream() const noexcept { return memory(); }
    TRIUNE_DEPRECATED_GPU_MEMORY("6003", "triune::StreamSet::analysis()")
    const Stream& get_analysis_stream() const noexcept { return analysis(); }
    TRIUNE_DEPRECATED_GPU_MEMORY("6003", "triune::StreamSet::next()")
    const Stream& get_next_stream() noexcept { return next(); }
    TRIUNE_DEPRECATED_GPU_MEMORY("6003", "triune::StreamSet::synchronize()")
    void synchronize_all() const { synchronize(); }
};

class LabelCache : public triune::LabelCache {
public:
    using triune::LabelCache::LabelCache;

    TRIUNE_DEPRECATED_GPU_MEMORY("6004", "triune::LabelCache::get_or_compute(labels, compute)")
    Labels get_or_compute_mapping(const Labels& labels, const std::function<Labels(const Labels&)>& compute) {
        return get_or_compute(labels, compute);
    }
    TRIUNE_DEPRECATED_GPU_MEMORY("6004", "triune::LabelCache::stats()")
    std::tuple<std::uint64_t, std::uint64_t, double> get_cache_stats() const { return stats(); }
};

class GraphArrays : public triune::GraphArrays {
public:
    using triune::GraphArrays::GraphArrays;

    // From vectors alone, so that their addresses are what they were.
    void upload_positions(const std::vector<float>& x, const std::vector<float>& y, const std::vector<float>& z) {
        triune::GraphArrays::upload_positions(x, y, z);
    }
    void upload_velocities(const std::vector<float>& x, const std::vector<float>& y, const std::vector<float>& z) {
        triune::GraphArrays::upload_velocities(x, y, z);
    }

    TRIUNE_DEPRECATED_UNIFIED_GPU_COMPUTE("6002", "triune::GraphArrays::resize(nodes, edges)")
    void resize_buffers(std::size_t nodes, std::size_t edges) { resize(nodes, edges); }
    TRIUNE_DEPRECATED_UNIFIED_GPU_COMPUTE("6002", "triune::GraphArrays::upload_edges(row_offsets, col_indices, weights)")
    void upload_edges_csr(const std::vector<std::int32_t>& row_offsets, const std::vector<std::int32_t>& col_indices,
                          const std::vector<float>& weights) {
        upload_edges(row_offsets, col_indices, weights);
    }
    TRIUNE_DEPRECATED_UNIFIED_GPU_COMPUTE("6002", "triune::GraphArrays::download_positions()")
    NodeVectors get_node_positions() { return download_positions(); }
    TRIUNE_DEPRECATED_UNIFIED_GPU_COMPUTE("6002", "triune::GraphArrays::download_velocities()")
    NodeVectors get_node_velocities() { return download_velocities(); }
    TRIUNE_DEPRECATED_UNIFIED_GPU_COMPUTE("6002", "triune::GraphArrays::latest_positions().to_vectors()")
    NodeVectors get_node_positions_async() { return latest_positions().to_vectors(); }
    TRIUNE_DEPRECATED_UNIFIED_GPU_COMPUTE("6002", "triune::GraphArrays::latest_velocities().to_vectors()")
    NodeVectors get_node_velocities_async() { return latest_velocities().to_vectors(); }
    TRIUNE_DEPRECATED_UNIFIED_GPU_COMPUTE("6002", "triune::GraphArrays::start_positions_download()")
    void start_async_download_positions() { start_positions_download(); }
    TRIUNE_DEPRECATED_UNIFIED_GPU_COMPUTE("6002", "triune::GraphArrays::start_velocities_download()")
    void start_async_download_velocities() { start_velocities_download(); }
    TRIUNE_DEPRECATED_UNIFIED_GPU_COMPUTE("6002", "triune::GraphArrays::wait_for_positions().to_vectors()")
    NodeVectors wait_for_download_positions() { return wait_for_positions().to_vectors(); }
    TRIUNE_DEPRECATED_UNIFIED_GPU_COMPUTE("6002", "triune::GraphArrays::wait_for_velocities().to_vectors()")
    NodeVectors wait_for_download_velocities() { return wait_for_velocities().to_vectors(); }
    TRIUNE_DEPRECATED_UNIFIED_GPU_COMPUTE("6002", "triune::GraphArrays::wait_for_downloads()")
    void sync_all_transfers() { wait_for_downloads(); }
    TRIUNE_DEPRECATED_UNIFIED_GPU_COMPUTE("6002", "triune::GraphArrays::memory_metrics()")
    std::tuple<std::size_t, float, std::size_t> get_memory_metrics() const { return memory_metrics(); }
};

}  // namespace triune::transition

TRIUNE_QUIET_END
