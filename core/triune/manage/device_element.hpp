// SPDX-License-Identifier: Apache-2.0
// What a device array may be made of.
#pragma once

#include <type_traits>

#include <triune/detail/alloc/span/block.hpp>

namespace triune {

// Elements are copied as bytes and begin out zeroed, and blocks are aligned to block_alignment, 256: a type that needs
// more is refused when compiling, as are references, const and volatile types and built-in arrays.
template <typename T>
concept DeviceElement = std::is_object_v<T> && std::is_trivially_copyable_v<T> && !std::is_const_v<T> &&
                        !std::is_volatile_v<T> && !std::is_array_v<T> && alignof(T) <= block_alignment;

}  // namespace triune
