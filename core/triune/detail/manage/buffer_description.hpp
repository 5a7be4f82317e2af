// SPDX-License-Identifier: Apache-2.0
// What a buffer is made from, but for its name.
#pragma once

#include <bit>
#include <cstddef>
#include <source_location>
#include <type_traits>
#include <typeinfo>

#include <triune/manage/buffer_config.hpp>
#include <triune/track/allocation_origin.hpp>

namespace triune {

struct BufferDescription : AllocationOrigin {
    std::size_t element_size = 1;
    BufferConfig config;
    bool refusable = true;  // false: counted, never refused by the limit
};

static_assert(std::is_trivially_copyable_v<std::source_location> && sizeof(std::source_location) == sizeof(void*));

// Note [Descriptions kept for good]
// A description is half as big as what else a small buffer needs, and the buffers of one call have the same. A program
// has as many as it has calls and configs, so each is kept once, and for ever: then neither a lock nor a count of users
// is needed, and records may tell of it long after manager and device. Programs that make up configs as they run could
// fill memory that way; so only the first some thousands are kept, and a buffer of a later one has its own copy.
// Type and place are copies where the caller's may go, see Note [Texts of code that goes].
struct SharedDescription : BufferDescription {
    // Throws std::bad_alloc.
    SharedDescription(const BufferDescription& description, bool for_good);

    // An equal one. Give it back with let_go(). Thread-safe, without waiting. Throws std::bad_alloc.
    static const SharedDescription& of(const BufferDescription& description);
    static void let_go(const SharedDescription& description) noexcept {
        if (!description.kept_for_good) delete &description;
    }

    // Whether it says the same. What another library has meanwhile at the same address is something else.
    bool is_of(const BufferDescription& description) const noexcept {
        return place_key == key_of(description.where) && type_key == description.type &&
               config == description.config && element_size == description.element_size && kind == description.kind &&
               refusable == description.refusable && (stays || has_texts_of(description));
    }
    // Whether the elements are of that type; null is untyped.
    bool has_type(const std::type_info* asked) const noexcept {
        if (asked == type) return true;
        return asked != nullptr && type != nullptr && *type == *asked && (!type_is_local || asked == type_key);
    }
    // By address: what one call gives always has the same.
    static const void* key_of(const std::source_location& where) noexcept { return std::bit_cast<const void*>(where); }

  private:
    bool has_texts_of(const BufferDescription& description) const noexcept;

    const void* const place_key;
    const std::type_info* const type_key;  // to be compared, never read
    const bool stays;                      // what the keys point at stays loaded
    const bool type_is_local;

  public:
    const bool kept_for_good;
};

}  // namespace triune
