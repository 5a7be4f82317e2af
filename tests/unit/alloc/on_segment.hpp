// SPDX-License-Identifier: Apache-2.0
// A slab of made-up addresses, cut into ranges: for lists that never touch memory.
#pragma once

#include <vector>

#include <triune/alloc/mapping/page_heap.hpp>
#include <triune/alloc/span/span_store.hpp>
#include <triune/alloc/mapping/segment.hpp>

#include "on_chunks.hpp"

namespace triune {

struct OnSlab : OnChunks {
    RecordStore records{sim};
    PoolMemory memory{chunks, records, large_blocks};
    Slab slab;

    // Ranges of `bytes` each, neighbours, live.
    std::vector<Range*> ranges(std::size_t count, std::size_t bytes) {
        static std::byte addresses[1];
        records.reserve_ranges(count);
        slab.memory = &memory;
        slab.data = addresses;
        slab.bytes = count * bytes;
        std::vector<Range*> made{records.range()};
        slab.cover(made.back());
        while (made.size() < count) {
            Range* const rest = records.range();
            slab.split(made.back(), bytes, rest);
            made.push_back(rest);
        }
        for (Range* range : made) range->state = RangeState::live;
        return made;
    }
};

}  // namespace triune
