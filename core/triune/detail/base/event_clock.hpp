// SPDX-License-Identifier: Apache-2.0
// Times of events, read at a fraction of what a clock costs.
#pragma once

#include <chrono>
#include <cstdint>

namespace triune {

// Of no known unit; see EventClock. The processor's own counter where that counts time (x86-64: 15 ns, where the clock
// takes 33), else steady_clock.
inline std::uint64_t event_ticks() noexcept {
#if defined(__x86_64__)
    return __builtin_ia32_rdtsc();  // not by its header, of 40,000 lines
#else
    return static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count());
#endif
}

// What ticks are in nanoseconds. One rate for the process, so that the order of ticks is that of the times: it is
// measured once, within 10 ms and to some millionths.
class EventClock {
  public:
    // The first call takes 10 ms.
    static const EventClock& get();

    std::uint64_t nanoseconds(std::uint64_t from_ticks, std::uint64_t to_ticks) const noexcept {
        return to_ticks <= from_ticks ? 0
                                      : static_cast<std::uint64_t>(static_cast<double>(to_ticks - from_ticks) * rate_);
    }

  private:
    EventClock();

    double rate_ = 1;
};

}  // namespace triune
