// SPDX-License-Identifier: Apache-2.0
// Ranges one upon the other, linked through themselves.
#pragma once

#include <cstddef>
#include <utility>

#include <triune/alloc/span/span.hpp>

namespace triune {

struct RangeStack {
    Range* top = nullptr;

    bool empty() const noexcept { return top == nullptr; }
    void push(Range* range) noexcept { range->below = std::exchange(top, range); }
    // Of a stack that is not empty.
    Range* pop() noexcept { return std::exchange(top, top->below); }
};

}  // namespace triune
