// SPDX-License-Identifier: Apache-2.0
#include <triune/detail/device/sim/sim_link.hpp>

#include <algorithm>
#include <thread>

namespace triune::sim {

SimLink::SimLink(double bytes_per_second, double latency_seconds)
    : bytes_per_second_(bytes_per_second), latency_seconds_(latency_seconds) {}

void SimLink::carry(std::size_t bytes, LinkDirection direction) {
    std::unique_lock lock(mutex_);
    released_.wait(lock, [this] { return holds_ == 0; });
    if (bytes_per_second_ <= 0 && latency_seconds_ <= 0) return;
    double seconds = latency_seconds_;
    if (bytes_per_second_ > 0) seconds += static_cast<double>(bytes) / bytes_per_second_;
    const auto lasts = std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
    Clock::time_point& free_at = free_at_[static_cast<int>(direction)];
    const Clock::time_point over = std::max(Clock::now(), free_at) + lasts;
    free_at = over;
    lock.unlock();
    std::this_thread::sleep_until(over);
}

void SimLink::hold() {
    const std::lock_guard lock(mutex_);
    ++holds_;
}

void SimLink::release() {
    const std::lock_guard lock(mutex_);
    --holds_;
    released_.notify_all();
}

}  // namespace triune::sim
