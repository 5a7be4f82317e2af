// SPDX-License-Identifier: Apache-2.0
// Clocks and quantiles of the benchmarks.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <vector>

namespace bench {

using Clock = std::chrono::steady_clock;

inline double nanoseconds_since(Clock::time_point start) {
    return std::chrono::duration<double, std::nano>(Clock::now() - start).count();
}

inline double microseconds_since(Clock::time_point start) { return nanoseconds_since(start) / 1e3; }

// `values` is not empty.
inline double quantile(std::vector<double> values, double q) {
    std::sort(values.begin(), values.end());
    return values[static_cast<std::size_t>(q * static_cast<double>(values.size() - 1) + 0.5)];
}

// The members of `contestants` in turn: the order is reversed in every second round, so that none always goes first.
template <typename Contestants, typename Measure>
void take_turns(int rounds, Contestants& contestants, Measure&& measure) {
    for (int round = 0; round < rounds; ++round) {
        for (auto& contestant : contestants) measure(contestant);
        std::reverse(contestants.begin(), contestants.end());
    }
}

}  // namespace bench
