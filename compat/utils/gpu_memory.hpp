// SPDX-License-Identifier: Apache-2.0
// Deprecated: legacy module 1 of 3, tracked buffers, leak check, streams, label cache. Use <triune/triune.hpp>.
#pragma once

#include "utils/cuda_error_handling.hpp"
#include "utils/device_buffer.hpp"
#include "utils/triune_deprecation.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <future>
#include <string>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

TRIUNE_QUIET_BEGIN

namespace utils {

namespace detail {

// One entry of the global tracker; leaves it on destruction.
class TRIUNE_DEPRECATED_GPU_MEMORY("1003", "triune::Buffer<T>") TrackedName {
public:
    TrackedName(std::string name, std::size_t size_bytes);
    ~TrackedName();
    TrackedName(TrackedName&& other) noexcept;
    TrackedName& operator=(TrackedName&& other) noexcept;

    TRIUNE_DEPRECATED_GPU_MEMORY("1003", "triune::Buffer<T>::name()")
    const std::string& name() const noexcept;
    TRIUNE_DEPRECATED_GPU_MEMORY("1003", "triune::Buffer<T>::size_bytes()")
    std::size_t size_bytes() const noexcept;

private:
    struct Impl;
    Impl* impl_;
};

}  // namespace detail

// A device buffer that the global tracker knows by name for as long as it lives.
template <typename T>
class TRIUNE_DEPRECATED_GPU_MEMORY("1003", "triune::Buffer<T>") ManagedDeviceBuffer {
public:
    ManagedDeviceBuffer(DeviceBuffer<T> buffer, std::string name, std::size_t element_count)
        : buffer_(std::move(buffer)), tracked_(std::move(name), element_count * sizeof(T)) {}

    TRIUNE_DEPRECATED_GPU_MEMORY("1003", "the triune::Buffer<T> itself")
    const DeviceBuffer<T>& as_device_buffer() const noexcept { return buffer_; }
    TRIUNE_DEPRECATED_GPU_MEMORY("1003", "the triune::Buffer<T> itself")
    DeviceBuffer<T>& as_device_buffer_mut() noexcept { return buffer_; }
    TRIUNE_DEPRECATED_GPU_MEMORY("1003", "triune::Buffer<T>::name()")
    const std::string& name() const noexcept { return tracked_.name(); }
    TRIUNE_DEPRECATED_GPU_MEMORY("1003", "triune::Buffer<T>::size_bytes()")
    std::size_t size_bytes() const noexcept { return tracked_.size_bytes(); }

private:
    DeviceBuffer<T> buffer_;
    detail::TrackedName tracked_;
};

// `capacity` value-initialised elements. Throws CudaException.
template <typename T>
TRIUNE_DEPRECATED_GPU_MEMORY("1001", "triune::default_manager().make_buffer<T>(name, n)")
ManagedDeviceBuffer<T> create_managed_buffer(std::size_t capacity, const std::string& name) {
    return ManagedDeviceBuffer<T>(DeviceBuffer<T>::filled(capacity, T{}), name, capacity);
}

// A copy of `data` on the device. Throws CudaException.
template <typename T>
TRIUNE_DEPRECATED_GPU_MEMORY("1002", "triune::default_manager().make_buffer_from(name, values)")
ManagedDeviceBuffer<T> create_managed_buffer_from_slice(const std::vector<T>& data, const std::string& name) {
    return ManagedDeviceBuffer<T>(DeviceBuffer<T>::from_slice(data), name, data.size());
}

// Names of the buffers still alive, in no particular order; logs each as an error.
TRIUNE_DEPRECATED_GPU_MEMORY("1004", "triune::default_manager().report_leaks()")
std::vector<std::string> check_gpu_memory_leaks();

// Total bytes, and bytes by name.
TRIUNE_DEPRECATED_GPU_MEMORY("1005", "triune::default_manager().usage_by_name()")
std::pair<std::size_t, std::unordered_map<std::string, std::size_t>> get_gpu_memory_usage();

// Three non-blocking streams for overlapped work.
class TRIUNE_DEPRECATED_GPU_MEMORY("1006", "triune::StreamSet") MultiStreamManager {
public:
    MultiStreamManager();
    ~MultiStreamManager();
    MultiStreamManager(MultiStreamManager&& other) noexcept;
    MultiStreamManager& operator=(MultiStreamManager&& other) noexcept;

    TRIUNE_DEPRECATED_GPU_MEMORY("1006", "triune::StreamSet::compute()")
    const Stream& get_compute_stream() const noexcept;
    TRIUNE_DEPRECATED_GPU_MEMORY("1006", "triune::StreamSet::memory()")
    const Stream& get_memory_stream() const noexcept;
    TRIUNE_DEPRECATED_GPU_MEMORY("1006", "triune::StreamSet::analysis()")
    const Stream& get_analysis_stream() const noexcept;
    TRIUNE_DEPRECATED_GPU_MEMORY("1006", "triune::StreamSet::next()")
    const Stream& get_next_stream();  // compute, memory, analysis, compute, ...
    TRIUNE_DEPRECATED_GPU_MEMORY("1006", "triune::StreamSet::synchronize()")
    void synchronize_all() const;
    TRIUNE_DEPRECATED_GPU_MEMORY("1006", "triune::StreamSet::synchronize_async()")
    std::future<void> synchronize_async() const;

private:
    struct Impl;
    Impl* impl_;
};

// Memoises label relabellings; thread-safe; emptied when it holds more than 1000 entries.
class TRIUNE_DEPRECATED_GPU_MEMORY("1007", "triune::LabelCache") LabelMappingCache {
public:
    using Labels TRIUNE_DEPRECATED_GPU_MEMORY("1007", "triune::LabelCache::Labels") = std::vector<std::int32_t>;

    LabelMappingCache();
    ~LabelMappingCache();
    LabelMappingCache(const LabelMappingCache&) = delete;
    LabelMappingCache& operator=(const LabelMappingCache&) = delete;

    TRIUNE_DEPRECATED_GPU_MEMORY("1007", "triune::LabelCache::get_or_compute(labels, compute)")
    Labels get_or_compute_mapping(const Labels& labels, const std::function<Labels(const Labels&)>& compute);
    TRIUNE_DEPRECATED_GPU_MEMORY("1007", "triune::LabelCache::stats()")
    std::tuple<std::uint64_t, std::uint64_t, double> get_cache_stats() const;  // hits, misses, hit rate

private:
    struct Impl;
    Impl* impl_;
};

}  // namespace utils

TRIUNE_QUIET_END
