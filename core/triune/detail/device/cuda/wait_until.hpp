// SPDX-License-Identifier: Apache-2.0
// A wait with an end, which the driver does not have.
#pragma once

#include <algorithm>
#include <chrono>
#include <thread>

#include <triune/base/status.hpp>

namespace triune::cuda {

// Calls `ask` until its answer is not "not ready" any more: without a pause at first, then once a millisecond.
// `complete` is false where that takes until `end`.
template <typename Ask>
Status wait_until(std::chrono::steady_clock::time_point end, bool& complete, Ask&& ask) noexcept {
    using Clock = std::chrono::steady_clock;
    const Clock::time_point awake = Clock::now() + std::chrono::microseconds(50);
    for (auto pause = std::chrono::microseconds(20);;) {
        const Status status = ask();
        complete = status.ok();
        if (status.cuda_error != cuda_error::not_ready) return status;
        const Clock::time_point now = Clock::now();
        if (now >= end) return success;
        if (now < awake) continue;
        std::this_thread::sleep_for(pause);
        pause = std::min<std::chrono::microseconds>(2 * pause, std::chrono::milliseconds(1));
    }
}

}  // namespace triune::cuda
