// SPDX-License-Identifier: Apache-2.0
// Threads that do something again and again, all for the same time, each with a stream of its own.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <vector>

#include <triune/device/stream.hpp>

namespace bench {

// The streams live as long as the team: what an allocator keeps for a stream is warm from one measurement to the next.
class Team {
  public:
    explicit Team(std::size_t max_threads);

    // A few calls of one thread, on its stream; answers how many it did. Threads stop between two of these.
    using Work = std::function<std::size_t(std::size_t thread, triune::StreamHandle stream)>;

    // Million calls a second, of each of so many threads. All begin together once each has warmed up, work at least
    // once, and go on for `window`; then their streams are waited for.
    std::vector<double> rates(std::size_t threads, std::chrono::milliseconds window, const Work& work) const;

    triune::StreamHandle stream(std::size_t thread) const { return streams_[thread].handle(); }

  private:
    std::vector<triune::Stream> streams_;
};

// The rates of all together.
double sum(const std::vector<double>& rates);

// Long enough for a steady rate; on the simulated device just long enough to show that it runs.
std::chrono::milliseconds usual_window();

}  // namespace bench
