// SPDX-License-Identifier: Apache-2.0
// What a buffer is made from, but for its name.
#pragma once

#include <cstddef>

#include <triune/manage/buffer_config.hpp>
#include <triune/track/allocation_origin.hpp>

namespace triune {

struct BufferDescription : AllocationOrigin {
    std::size_t element_size = 1;
    BufferConfig config;
    bool refusable = true;  // false: counted, never refused by the limit
};

// Note [Descriptions kept for good]
// A description is half as big as what else a small buffer needs, and the buffers of one call have the same. A program
// has as many as it has calls and configs, so each is kept once, and for ever: then neither a lock nor a count of users
// is needed, and records may tell of it long after manager and device. Programs that make up configs as they run could
// fill memory that way; so only the first some thousands are kept, and a buffer of a later one has its own copy.
struct SharedDescription : BufferDescription {
    SharedDescription(const BufferDescription& description, bool for_good) noexcept
        : BufferDescription(description), kept_for_good(for_good) {}

    // An equal one. Give it back with let_go(). Thread-safe, without waiting. Throws std::bad_alloc.
    static const SharedDescription& of(const BufferDescription& description);
    static void let_go(const SharedDescription& description) noexcept {
        if (!description.kept_for_good) delete &description;
    }

    const bool kept_for_good;
};

}  // namespace triune
