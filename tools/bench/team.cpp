// SPDX-License-Identifier: Apache-2.0
#include "team.hpp"

#include <atomic>
#include <barrier>
#include <numeric>
#include <thread>

#include <triune/device/devices.hpp>

#include "timing.hpp"

namespace bench {

Team::Team(std::size_t max_threads) {
    for (std::size_t i = 0; i < max_threads; ++i) streams_.emplace_back();
}

std::vector<double> Team::rates(std::size_t threads, std::chrono::milliseconds window, const Work& work) const {
    constexpr int warming_rounds = 20;
    std::barrier ready(static_cast<std::ptrdiff_t>(threads + 1));
    std::atomic<bool> stop{false};
    std::vector<double> rates(threads);
    std::vector<std::thread> running;
    for (std::size_t me = 0; me < threads; ++me) {
        running.emplace_back([&, me] {
            const triune::StreamHandle own = stream(me);
            for (int i = 0; i < warming_rounds; ++i) static_cast<void>(work(me, own));
            ready.arrive_and_wait();
            std::size_t done = 0;
            const auto start = Clock::now();
            do {
                done += work(me, own);
            } while (!stop.load(std::memory_order_relaxed));
            rates[me] = static_cast<double>(done) / microseconds_since(start);
        });
    }
    ready.arrive_and_wait();
    std::this_thread::sleep_for(window);
    stop = true;
    for (auto& thread : running) thread.join();
    for (std::size_t i = 0; i < threads; ++i) streams_[i].synchronize();
    return rates;
}

double sum(const std::vector<double>& rates) { return std::accumulate(rates.begin(), rates.end(), 0.0); }

std::chrono::milliseconds usual_window() {
    const bool simulated = triune::current_device().properties().kind == triune::DeviceKind::simulated;
    return std::chrono::milliseconds(simulated ? 3 : 40);
}

}  // namespace bench
