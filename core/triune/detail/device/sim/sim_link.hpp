// SPDX-License-Identifier: Apache-2.0
// The modelled link between host and device: how long a copy across it takes.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>

namespace triune::sim {

enum class LinkDirection { to_device, to_host };

// Each direction carries one copy after another, as a GPU's two copy engines do. Thread-safe.
class SimLink {
  public:
    // 0 for either means that it costs nothing.
    SimLink(double bytes_per_second, double latency_seconds);

    // Sleeps until a copy that is ready now would be over; while the link is held, until it is released.
    void carry(std::size_t bytes, LinkDirection direction);

    // Nested holds count.
    void hold();
    void release();

  private:
    using Clock = std::chrono::steady_clock;

    double bytes_per_second_;
    double latency_seconds_;
    std::mutex mutex_;
    std::condition_variable released_;
    unsigned holds_ = 0;
    Clock::time_point free_at_[2]{};
};

}  // namespace triune::sim
