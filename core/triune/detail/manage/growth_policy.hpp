// SPDX-License-Identifier: Apache-2.0
// How a buffer's bytes come to be more.
#pragma once

#include <cstddef>

#include <triune/detail/manage/storage.hpp>
#include <triune/device/device.hpp>
#include <triune/manage/buffer_config.hpp>

namespace triune {

// The cheapest first.
enum class GrowthTier {
    within,  // the storage has the room already
    extend,  // commit more of the buffer's own growable mapping: the address stays, nothing is copied
    map,     // into a new growable mapping: the last copy of this buffer
    copy,    // into a new block of the pool
};

// From this capacity on a buffer that may grow gets a growable mapping of its own. Below it a copy inside the pool costs less
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

// A storage for `capacity_bytes`, not initialised, for work on `stream`: in a growable mapping, or of the tiers `map` and `copy`
// the one said. Where the process has no addresses left for a growable mapping the pool serves, too. `outgrown`: the buffer had
// a growable mapping already, which was too small. Throw out_of_memory, device_error.
Storage mapped_storage(DeviceResources& resources, std::size_t capacity_bytes, const BufferConfig& config,
                       StreamHandle stream, bool outgrown);
inline Storage new_storage(GrowthTier tier, DeviceResources& resources, std::size_t capacity_bytes,
                           const BufferConfig& config, StreamHandle stream, bool outgrown = false) {
    return tier == GrowthTier::copy ? Storage::pooled(resources, capacity_bytes, stream)
                                    : mapped_storage(resources, capacity_bytes, config, stream, outgrown);
}

// Note [Addresses for growable mappings]
// A process has 47 bits of addresses: of what a large device has in bytes, 900 times. So a buffer reserves what it may
// become and not more: its maximum. One without a maximum gets some times its size, and is moved once, to all that the
// device has, where it outgrows that. One with a stable address cannot be moved: it gets all at once. In any case it
// gets no more than a part of what is left, so that thousands of those find room, the later ones less.
inline constexpr std::size_t process_addresses = std::size_t{1} << 47;
std::size_t reserve_bytes(std::size_t capacity_bytes, const BufferConfig& config, const DeviceProperties& device,
                          std::size_t reserved_already, bool outgrown) noexcept;

}  // namespace triune
