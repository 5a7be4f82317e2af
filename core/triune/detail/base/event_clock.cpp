// SPDX-License-Identifier: Apache-2.0
#include <triune/detail/base/event_clock.hpp>

#include <limits>
#include <thread>

namespace triune {
namespace {

using Clock = std::chrono::steady_clock;

struct Anchor {
    std::uint64_t ticks = 0;
    Clock::time_point time;
};

// The tightest of some, since a thread may be stopped between the two looks.
[[maybe_unused]] Anchor anchor() {
    Anchor best;
    std::uint64_t least = std::numeric_limits<std::uint64_t>::max();
    for (int i = 0; i < 16; ++i) {
        const std::uint64_t before = event_ticks();
        const Clock::time_point time = Clock::now();
        const std::uint64_t width = event_ticks() - before;
        if (width < least) {
            least = width;
            best = {before + width / 2, time};
        }
    }
    return best;
}

}  // namespace

EventClock::EventClock() {
#if defined(__x86_64__)
    const Anchor first = anchor();
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    const Anchor second = anchor();
    const std::chrono::duration<double, std::nano> between = second.time - first.time;
    if (second.ticks > first.ticks) rate_ = between.count() / static_cast<double>(second.ticks - first.ticks);
#else
    rate_ = std::chrono::duration<double, std::nano>(Clock::duration(1)).count();
#endif
}

const EventClock& EventClock::get() {
    static const EventClock clock;
    return clock;
}

}  // namespace triune
