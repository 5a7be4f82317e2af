// SPDX-License-Identifier: Apache-2.0
// What an address range is to the simulated device.
#pragma once

#include <cstdint>

namespace triune::sim {

enum class Place {
    host,  // nothing the device knows: pageable memory
    pinned,
    device,
    dead,  // the device's own, but freed, not mapped, without access, or longer than what it starts in
};

struct SimSpan {
    Place place = Place::host;
    // Of the allocation or the mappings in it: another number when the same addresses come to stand for other memory.
    std::uint64_t generation = 0;

    bool operator==(const SimSpan&) const = default;
};

}  // namespace triune::sim
