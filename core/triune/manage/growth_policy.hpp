// SPDX-License-Identifier: Apache-2.0
// How a buffer's bytes come to be more.
#pragma once

#include <cstddef>

#include <triune/device/device.hpp>
#include <triune/manage/buffer_config.hpp>
#include <triune/manage/storage.hpp>

namespace triune {

// The cheapest first.
enum class GrowthTier {
    within,  // the storage has the room already
    extend,  // commit more of the buffer's own arena: the address stays, nothing is copied
    map,     // into a new arena: the last copy of this buffer
    copy,    // into a new block of the pool
};

// From this capacity on a buffer that may grow gets an arena of its own. Below it a copy inside the pool costs less
// than half of the driver's calls for mapping; from there on the difference is small, and a copy would take a second
// block meanwhile: docs/decisions/growth-threshold.md.
inline constexpr std::size_t map_threshold_bytes = std::size_t{32} << 20;

// Of what holds nothing yet: `map` or `copy`.
inline GrowthTier first_tier(std::size_t capacity_bytes, const BufferConfig& config,
                             const DeviceProperties& device) noexcept {
    const bool may_grow = config.max_size_bytes > capacity_bytes;
    const bool pays = config.stable_address || (capacity_bytes >= map_threshold_bytes && may_grow);
    return pays && device.virtual_memory ? GrowthTier::map : GrowthTier::copy;
}
GrowthTier growth_tier(const Storage& storage, std::size_t capacity_bytes, const BufferConfig& config,
                       const DeviceProperties& device) noexcept;

// A storage for `capacity_bytes`, not initialised: in an arena, or of the tiers `map` and `copy` the one said, for work
// on `stream`. Throw out_of_memory, device_error.
Storage mapped_storage(DeviceResources& resources, std::size_t capacity_bytes, const BufferConfig& config);
inline Storage new_storage(GrowthTier tier, DeviceResources& resources, std::size_t capacity_bytes,
                           const BufferConfig& config, StreamHandle stream) {
    return tier == GrowthTier::copy ? Storage::pooled(resources, capacity_bytes, stream)
                                    : mapped_storage(resources, capacity_bytes, config);
}

// The addresses to reserve for a mapped buffer: for all that it may ever hold, or the device has where that is less.
std::size_t reserve_bytes(std::size_t capacity_bytes, const BufferConfig& config,
                          const DeviceProperties& device) noexcept;

}  // namespace triune
