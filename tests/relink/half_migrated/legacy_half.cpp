// SPDX-License-Identifier: Apache-2.0
// Compiled against the frozen headers, as C++17: it knows nothing of Triune.
#include "legacy_half.hpp"

#include <numeric>
#include <stdexcept>
#include <tuple>

#include "gpu/dynamic_buffer_manager.hpp"
#include "utils/gpu_memory.hpp"
#include "utils/unified_gpu_compute.hpp"

namespace {

std::vector<float> ascending(std::size_t count) {
    std::vector<float> values(count);
    std::iota(values.begin(), values.end(), 1.0F);
    return values;
}

}  // namespace

struct LegacyHalf::Objects {
    utils::ManagedDeviceBuffer<float> array = utils::create_managed_buffer_from_slice(ascending(100), "array");
    utils::ManagedDeviceBuffer<float> twin = utils::create_managed_buffer<float>(10, "twin");
    utils::MultiStreamManager streams;
    utils::UnifiedGPUCompute graph{50, 0};
    gpu::DynamicBufferManager buffers{nullptr};
    utils::CudaMemoryGuard guard{1000, "guard", nullptr};
};

LegacyHalf::LegacyHalf() : objects_(std::make_unique<Objects>()) {
    objects_->buffers.get_or_create_buffer("shared name", {1, 1.0F, 1000, 200}).ensure_capacity(1);
    const std::vector<float> values = ascending(50);
    objects_->graph.upload_positions(values, values, values);
}
LegacyHalf::~LegacyHalf() = default;

std::size_t LegacyHalf::bytes_by_name() const { return utils::get_gpu_memory_usage().first; }
std::size_t LegacyHalf::bytes_named(const std::string& name) const {
    return utils::get_gpu_memory_usage().second[name];
}
std::vector<std::string> LegacyHalf::leaks() const { return utils::check_gpu_memory_leaks(); }
std::vector<std::string> LegacyHalf::buffer_names() const {
    std::vector<std::string> names;
    for (const auto& stats : objects_->buffers.get_all_stats()) names.push_back(stats.name);
    return names;
}
void* LegacyHalf::stream() const { return objects_->streams.get_memory_stream().handle(); }
float* LegacyHalf::array() const { return objects_->array.as_device_buffer().as_device_ptr(); }
std::size_t LegacyHalf::array_length() const { return objects_->array.as_device_buffer().len(); }
float LegacyHalf::graph_position(std::size_t node) const {
    return std::get<2>(objects_->graph.get_node_positions())[node];
}

std::string LegacyHalf::catch_bad_copy() const {
    try {
        objects_->array.as_device_buffer_mut().copy_from({1.0F});
    } catch (const utils::CudaException& error) {
        return "CudaException " + std::to_string(static_cast<int>(error.code()));
    } catch (const std::runtime_error&) {
        return "runtime_error";
    }
    return "nothing";
}

std::string LegacyHalf::catch_of(void (*migrated_call)()) const {
    try {
        migrated_call();
    } catch (const utils::CudaException&) {
        return "CudaException";
    } catch (const std::runtime_error&) {
        return "runtime_error";
    }
    return "nothing";
}
