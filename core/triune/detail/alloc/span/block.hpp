// SPDX-License-Identifier: Apache-2.0
// A piece of memory that the pool handed out.
#pragma once

#include <cstddef>

namespace triune {

struct Span;

// Every block is aligned to so many bytes.
inline constexpr std::size_t block_alignment = 256;

// `bytes` is what may be used: the request, rounded up. Null and 0 for a request of 0.
struct Block {
    void* data = nullptr;
    std::size_t bytes = 0;
    Span* span = nullptr;
};

}  // namespace triune
