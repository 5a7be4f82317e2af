// SPDX-License-Identifier: Apache-2.0
// What an allocation is and where it comes from.
#pragma once

#include <cstdint>
#include <source_location>
#include <typeinfo>

namespace triune {

// What kind of owner an allocation has.
enum class OwnerKind : std::uint8_t {
    typed,    // a buffer with an element type
    untyped,  // a buffer of bytes with a run-time element size
    member,   // an array of a group or of graph arrays
    account,  // what another library has drawn, in pieces: in the totals, and no buffer
    alias,    // a name, as a facade gives one, for memory that another allocation counts: in no total
};

// "typed", "untyped", ...
constexpr const char* kind_name(OwnerKind kind) noexcept {
    constexpr const char* names[] = {"typed", "untyped", "member", "account", "alias"};
    return names[static_cast<std::uint8_t>(kind)];
}

constexpr bool is_buffer(OwnerKind kind) noexcept { return kind != OwnerKind::account && kind != OwnerKind::alias; }

// The same for all allocations of one call; never changes.
struct AllocationOrigin {
    OwnerKind kind = OwnerKind::typed;
    const std::type_info* type = nullptr;  // of the elements; null where unknown
    std::source_location where;            // line 0 where unknown: facades cannot know their callers' places
};

}  // namespace triune
