// SPDX-License-Identifier: Apache-2.0
// A part of a total of bytes, and the peak of the total.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>

namespace triune {

// Note [Peaks of parts]
// Each thread counts bytes in a level of its own, and the total is their sum. Only who has a level's lock writes it;
// anybody may read now(). Alone a level may be negative: another thread freed what this one allocated.
//
// The peak is the highest sum that anybody saw. To add up all levels in every call would bring their lines of memory
// from every core each time. So a thread does it only
//   - before its level falls from where it has never been added up,
//   - before it falls below zero, since it frees what others allocated; then before it is twice as far below, and so on,
//     but no further than a step, and
//   - when its level has risen by more than a step since it was last added up or lowest.
// With one thread no sum between is higher than those, so the peak is exact. Beside others a level that comes back to
// where it was is not added up again until it has risen by a step: so the peak may be too low by a step for each thread.
class Level {
  public:
    std::ptrdiff_t now() const noexcept { return now_.load(std::memory_order_relaxed); }

    // True where all are to be added up after it.
    bool raise(std::size_t bytes, std::size_t step) noexcept {
        const std::ptrdiff_t next = now() + static_cast<std::ptrdiff_t>(bytes);
        now_.store(next, std::memory_order_relaxed);
        return next - low_ > static_cast<std::ptrdiff_t>(step);
    }
    // Whether all are to be added up before lower().
    bool leaves_what_was_added(std::size_t bytes) const noexcept {
        return now() > top_ || now() - static_cast<std::ptrdiff_t>(bytes) < bottom_;
    }
    void lower(std::size_t bytes, std::size_t step) noexcept {
        const std::ptrdiff_t next = now() - static_cast<std::ptrdiff_t>(bytes);
        now_.store(next, std::memory_order_relaxed);
        low_ = std::min(low_, next);
        if (next < bottom_) bottom_ = std::max(2 * next, next - static_cast<std::ptrdiff_t>(step));
    }
    // All have been added up.
    void note_added() noexcept {
        low_ = now();
        top_ = std::max(top_, low_);
    }
    // The peak begins anew, and this is in it.
    void begin_peak() noexcept {
        low_ = top_ = now();
        bottom_ = std::min<std::ptrdiff_t>(low_, 0);
    }

  private:
    std::atomic<std::ptrdiff_t> now_{0};
    std::ptrdiff_t low_ = 0;  // since all were last added up
    std::ptrdiff_t top_ = 0;     // the highest at which all were added up
    std::ptrdiff_t bottom_ = 0;  // not above 0: how far it may fall until they are again
};

// The levels were read one after the other, so their sum may be of no moment at all, and negative.
inline std::size_t bytes_of_sum(std::ptrdiff_t sum) noexcept {
    return static_cast<std::size_t>(std::max<std::ptrdiff_t>(sum, 0));
}

// The highest of what was noted. Thread-safe.
class Highest {
  public:
    explicit Highest(std::size_t bytes = 0) noexcept : bytes_(bytes) {}

    void note(std::size_t bytes) noexcept {
        std::size_t there = bytes_.load(std::memory_order_relaxed);
        while (there < bytes && !bytes_.compare_exchange_weak(there, bytes, std::memory_order_relaxed)) {
        }
    }
    void begin(std::size_t bytes) noexcept { bytes_.store(bytes, std::memory_order_relaxed); }
    std::size_t bytes() const noexcept { return bytes_.load(std::memory_order_relaxed); }

  private:
    std::atomic<std::size_t> bytes_;
};

}  // namespace triune
