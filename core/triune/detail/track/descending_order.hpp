// SPDX-License-Identifier: Apache-2.0
// The order of numbers, biggest first.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

namespace triune {

// Places of `keys` from the biggest to the smallest, of equal ones the earlier first. `least` and `most` are the
// extremes; `keys` are overwritten. Time grows with the count alone, and with the number of bits in which the extremes
// differ. Throws std::length_error for 2^32 keys and more, std::bad_alloc.
std::unique_ptr<std::uint32_t[]> descending_order(std::uint64_t* keys, std::size_t count, std::uint64_t least,
                                                  std::uint64_t most);

}  // namespace triune
