// SPDX-License-Identifier: Apache-2.0
// A part of a total of bytes, and how high it stood.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>

namespace triune {

// Note [Peaks of parts]
// Each thread counts bytes in a level of its own, and the total is their sum. Only who has a level's lock writes it;
// anybody may read now(). Alone a level may be negative: another thread freed what this one allocated.
//
// The peak of the total is found from the levels. Since it was settled, a level was never above high(). So the total was
// at most what the others hold, plus high(). That is exact where the others have not changed meanwhile: with one thread,
// and with threads that take turns. Where several change at once, it may be off by what they changed. Therefore a level
// is settled as soon as it has risen by more than a step since it was last settled or lowest.
class Level {
  public:
    std::ptrdiff_t now() const noexcept { return now_.load(std::memory_order_relaxed); }
    std::ptrdiff_t high() const noexcept { return high_; }

    // True where it is to be settled.
    bool raise(std::size_t bytes, std::size_t step) noexcept {
        const std::ptrdiff_t next = now() + static_cast<std::ptrdiff_t>(bytes);
        now_.store(next, std::memory_order_relaxed);
        high_ = std::max(high_, next);
        return next - low_ > static_cast<std::ptrdiff_t>(step);
    }
    void lower(std::size_t bytes) noexcept {
        const std::ptrdiff_t next = now() - static_cast<std::ptrdiff_t>(bytes);
        now_.store(next, std::memory_order_relaxed);
        low_ = std::min(low_, next);
    }
    void settle() noexcept { high_ = low_ = now(); }

  private:
    std::atomic<std::ptrdiff_t> now_{0};
    std::ptrdiff_t high_ = 0;
    std::ptrdiff_t low_ = 0;  // since it was last settled
};

// What stands above zero of a sum whose parts were read one after the other.
inline std::size_t bytes_of_sum(std::ptrdiff_t sum) noexcept { return static_cast<std::size_t>(std::max<std::ptrdiff_t>(sum, 0)); }

}  // namespace triune
