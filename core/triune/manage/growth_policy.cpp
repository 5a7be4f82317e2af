// SPDX-License-Identifier: Apache-2.0
#include <triune/manage/growth_policy.hpp>

#include <algorithm>

#include <triune/manage/device_resources.hpp>

namespace triune {

GrowthTier growth_tier(const Storage& storage, std::size_t capacity_bytes, const BufferConfig& config,
                       const DeviceProperties& device) noexcept {
    if (storage.usable_bytes() >= capacity_bytes) return GrowthTier::within;
    if (storage.is_mapped() && storage.reserved_bytes() >= capacity_bytes) return GrowthTier::extend;
    if (storage.is_mapped() && device.virtual_memory) return GrowthTier::map;
    return first_tier(capacity_bytes, config, device);
}

Storage mapped_storage(DeviceResources& resources, std::size_t capacity_bytes, const BufferConfig& config) {
    return Storage::mapped(resources, capacity_bytes,
                           reserve_bytes(capacity_bytes, config, resources.device.properties()));
}

std::size_t reserve_bytes(std::size_t capacity_bytes, const BufferConfig& config,
                          const DeviceProperties& device) noexcept {
    return std::max(capacity_bytes, std::min(config.max_size_bytes, device.total_bytes));
}

}  // namespace triune
