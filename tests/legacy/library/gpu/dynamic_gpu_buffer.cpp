#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>
#include <utility>

#include "device/device.hpp"
#include "device/handles.hpp"
#include "gpu/dynamic_buffer_manager.hpp"

namespace gpu {

namespace {

constexpr std::size_t kMebibyte = std::size_t{1024} * 1024;

// Truncates towards zero and saturates, where a plain conversion would be undefined.
std::size_t saturated(float value) noexcept {
    if (!(value > 0.0F)) {
        return 0;
    }
    constexpr float kBeyond = 18446744073709551616.0F;  // 2^64
    return value >= kBeyond ? std::numeric_limits<std::size_t>::max() : static_cast<std::size_t>(value);
}

}  // namespace

BufferConfig BufferConfig::for_positions() { return {12, 1.3F, 512 * kMebibyte, 4096}; }
BufferConfig BufferConfig::for_velocities() { return {12, 1.3F, 512 * kMebibyte, 4096}; }
BufferConfig BufferConfig::for_forces() { return {12, 1.3F, 512 * kMebibyte, 4096}; }
BufferConfig BufferConfig::for_edges() { return {32, 2.0F, 2048 * kMebibyte, 8192}; }
BufferConfig BufferConfig::for_grid_cells() { return {8, 1.5F, 256 * kMebibyte, 2048}; }

struct DynamicGpuBuffer::Impl {
    std::string name;
    BufferConfig config;
    std::shared_ptr<utils::CudaErrorHandler> error_handler;
    legacy::DeviceMemory memory;
    std::size_t capacity = 0;
    std::size_t size = 0;

    std::size_t next_capacity(std::size_t required) const noexcept {
        const std::size_t wanted =
            capacity == 0 ? config.min_size_bytes : saturated(static_cast<float>(capacity) * config.growth_factor);
        return std::min(std::max(wanted, required), config.max_size_bytes);
    }
};

DynamicGpuBuffer::DynamicGpuBuffer(std::string name, BufferConfig config,
                                   std::shared_ptr<utils::CudaErrorHandler> error_handler)
    : impl_(new Impl{std::move(name), config, std::move(error_handler), {}, 0, 0}) {}

DynamicGpuBuffer::~DynamicGpuBuffer() { delete impl_; }
DynamicGpuBuffer::DynamicGpuBuffer(DynamicGpuBuffer&& other) noexcept : impl_(std::exchange(other.impl_, nullptr)) {}
DynamicGpuBuffer& DynamicGpuBuffer::operator=(DynamicGpuBuffer&& other) noexcept {
    if (this != &other) {
        delete std::exchange(impl_, std::exchange(other.impl_, nullptr));
    }
    return *this;
}

void DynamicGpuBuffer::ensure_capacity(std::size_t required_elements) {
    const std::size_t required = required_elements * impl_->config.bytes_per_node;
    if (required <= impl_->capacity) {
        return;
    }
    if (required > impl_->config.max_size_bytes) {
        throw std::runtime_error("Required size " + std::to_string(required) + " exceeds maximum buffer size " +
                                 std::to_string(impl_->config.max_size_bytes) + " for " + impl_->name);
    }
    const std::size_t capacity = impl_->next_capacity(required);
    try {
        legacy::DeviceMemory grown(capacity);
        legacy::check(legacy::device().copy(grown.data(), impl_->memory.data(), impl_->size), "cudaMemcpy");
        impl_->memory = std::move(grown);
    } catch (const utils::CudaException& error) {
        throw std::runtime_error("Failed to grow " + impl_->name + " to " + std::to_string(capacity) +
                                 " bytes: " + error.what());
    }
    impl_->capacity = capacity;
}

void* DynamicGpuBuffer::as_ptr() const noexcept { return impl_->memory.data(); }
std::size_t DynamicGpuBuffer::capacity_bytes() const noexcept { return impl_->capacity; }
std::size_t DynamicGpuBuffer::size_bytes() const noexcept { return impl_->size; }
void DynamicGpuBuffer::set_size(std::size_t size_bytes) noexcept {
    impl_->size = std::min(size_bytes, impl_->capacity);
}
bool DynamicGpuBuffer::is_allocated() const noexcept { return impl_->memory.data() != nullptr; }
const std::string& DynamicGpuBuffer::name() const noexcept { return impl_->name; }

BufferStats DynamicGpuBuffer::get_stats() const {
    const float utilization =
        impl_->capacity == 0 ? 0.0F : static_cast<float>(impl_->size) / static_cast<float>(impl_->capacity);
    return {impl_->name, impl_->capacity, impl_->size, utilization};
}

}  // namespace gpu
