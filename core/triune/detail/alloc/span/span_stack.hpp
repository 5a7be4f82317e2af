// SPDX-License-Identifier: Apache-2.0
// Spans one upon the other, linked through themselves.
#pragma once

#include <cstddef>
#include <utility>

#include <triune/detail/alloc/span/span.hpp>

namespace triune {

struct SpanStack {
    Span* top = nullptr;

    bool empty() const noexcept { return top == nullptr; }
    void push(Span* span) noexcept { span->below = std::exchange(top, span); }
    // Of a stack that is not empty.
    Span* pop() noexcept { return std::exchange(top, top->below); }
};

}  // namespace triune
