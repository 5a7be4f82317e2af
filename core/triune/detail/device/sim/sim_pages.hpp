// SPDX-License-Identifier: Apache-2.0
// Raw pages: address ranges that cannot be touched, opened and shut again.
#pragma once

#include <cstddef>

namespace triune::sim {

inline constexpr unsigned char poison_byte = 0xdb;

// Fresh memory is poisoned this far from its front; what lies beyond reads as 0. Poisoning touches every page, and a
// machine that simulates tens of GiB cannot pay for all of them.
inline constexpr std::size_t poison_most = std::size_t{64} << 20;

std::size_t page_bytes() noexcept;

// Untouchable addresses, `bytes` a multiple of the page size, `alignment` a power of two; null where there are none
// left. Costs addresses only, no memory.
char* reserve_pages(std::size_t bytes, std::size_t alignment) noexcept;
void release_pages(char* pages, std::size_t bytes) noexcept;

// Fresh private memory of zeros; false where the machine refuses.
bool open_pages(char* pages, std::size_t bytes) noexcept;
// Drops the memory: a touch faults from now on.
bool shut_pages(char* pages, std::size_t bytes) noexcept;

void poison(char* front, std::size_t bytes) noexcept;

}  // namespace triune::sim
