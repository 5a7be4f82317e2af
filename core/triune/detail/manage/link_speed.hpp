// SPDX-License-Identifier: Apache-2.0
// How fast bytes cross the link to the host, learnt from the downloads themselves.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>

namespace triune {

// The best that was seen. A download is never seen to take less time than it took, so this is at most the link's own
// speed, and grows towards it. Thread-safe.
class LinkSpeed {
  public:
    using Duration = std::chrono::steady_clock::duration;

    void note(std::size_t bytes, Duration time) noexcept {
        if (time <= Duration::zero()) return;
        const double seen = static_cast<double>(bytes) / static_cast<double>(time.count());
        double best = bytes_a_tick_.load(std::memory_order_relaxed);
        while (seen > best && !bytes_a_tick_.compare_exchange_weak(best, seen, std::memory_order_relaxed)) {
        }
    }
    // The least time that so many bytes may take, an hour at most; zero where nothing was seen yet.
    Duration time_of(std::size_t bytes) const noexcept {
        constexpr Duration longest = std::chrono::hours(1);
        const double best = bytes_a_tick_.load(std::memory_order_relaxed);
        if (best <= 0) return Duration::zero();
        const double ticks = static_cast<double>(bytes) / best;
        return ticks < static_cast<double>(longest.count()) ? Duration(static_cast<Duration::rep>(ticks)) : longest;
    }

  private:
    std::atomic<double> bytes_a_tick_{0};  // of the steady clock
};

}  // namespace triune
