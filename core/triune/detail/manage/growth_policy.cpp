// SPDX-License-Identifier: Apache-2.0
#include <triune/detail/manage/growth_policy.hpp>

#include <algorithm>
#include <bit>

#include <triune/manage/device_resources.hpp>

namespace triune {

GrowthTier growth_tier(const Storage& storage, std::size_t capacity_bytes, const BufferConfig& config,
                       const DeviceProperties& device) noexcept {
    if (storage.usable_bytes() >= capacity_bytes) return GrowthTier::within;
    if (storage.is_mapped() && storage.reserved_bytes() >= capacity_bytes) return GrowthTier::extend;
    if (storage.is_mapped() && device.virtual_memory) return GrowthTier::map;
    return first_tier(capacity_bytes, config, device);
}

Storage mapped_storage(DeviceResources& resources, std::size_t capacity_bytes, const BufferConfig& config,
                       StreamHandle stream, bool outgrown) {
    const std::size_t wanted = reserve_bytes(capacity_bytes, config, resources.device.properties(),
                                             resources.chunks.reserved_addresses(), outgrown);
    try {
        return Storage::mapped(resources, capacity_bytes, wanted);
    } catch (const addresses_exhausted&) {
        resources.mappings.trim();
    }
    for (const std::size_t fewer : {wanted, capacity_bytes}) {
        try {
            return Storage::mapped(resources, capacity_bytes, fewer);
        } catch (const addresses_exhausted&) {  // the next
        }
    }
    return Storage::pooled(resources, capacity_bytes, stream);
}

std::size_t reserve_bytes(std::size_t capacity_bytes, const BufferConfig& config, const DeviceProperties& device,
                          std::size_t reserved_already, bool outgrown) noexcept {
    constexpr std::size_t times = 8;
    constexpr std::size_t part = 512;
    const std::size_t left = process_addresses - std::min(process_addresses, reserved_already);
    const std::size_t most = std::bit_floor(left / part);  // rounded, as the next: what is retired fits the next buffer
    std::size_t wanted = std::min(config.max_size_bytes, device.total_bytes);
    const bool bounded = config.max_size_bytes <= device.total_bytes;
    if (!bounded && !config.stable_address && !outgrown && capacity_bytes < device.total_bytes / times) {
        wanted = std::min(wanted, std::bit_ceil(capacity_bytes * times));
    }
    return std::max(capacity_bytes, std::min(wanted, most));
}

}  // namespace triune
