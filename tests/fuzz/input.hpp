// SPDX-License-Identifier: Apache-2.0
// Bytes that a fuzzer chose, read as decisions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

namespace fuzz {

class Input {
  public:
    Input(const std::uint8_t* data, std::size_t bytes) noexcept : at_(data), end_(data + bytes) {}

    bool empty() const noexcept { return at_ == end_; }
    // 0 where nothing is left.
    std::size_t byte() noexcept { return empty() ? 0 : *at_++; }
    std::size_t below(std::size_t end) noexcept { return byte() % end; }
    std::size_t two_bytes() noexcept {
        const std::size_t high = byte();
        return high << 8 | byte();
    }

  private:
    const std::uint8_t* at_;
    const std::uint8_t* end_;
};

// Ends the program, as a fuzzer wants it.
inline void require(bool holds, const char* what) {
    if (holds) return;
    std::fprintf(stderr, "fuzz: %s\n", what);
    std::abort();
}

}  // namespace fuzz
