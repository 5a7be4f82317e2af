// SPDX-License-Identifier: Apache-2.0
// Injected failures and the count of calls, a verb at a time.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <mutex>
#include <vector>

#include <triune/device/verb.hpp>

namespace triune::sim {

// Thread-safe.
class SimFailures {
  public:
    // The `nth` call from now fails and, of `times`, those behind it; an `nth` of 0 never comes. Verb::count stands for
    // every verb. Several may be pending for one verb.
    void fail(Verb verb, std::uint64_t nth, int cuda_error, std::uint64_t times = 1);
    void clear();
    std::uint64_t calls(Verb verb) const noexcept;

    // Counts one call; the error that it must answer with, 0 for none.
    int count_call(Verb verb) noexcept;

  private:
    struct Pending {
        Verb verb;
        std::uint64_t left;  // calls that do not fail yet, and the first that does
        int cuda_error;
        std::uint64_t times;  // so many fail
    };

    std::array<std::atomic<std::uint64_t>, verb_count> calls_{};
    std::mutex mutex_;
    std::vector<Pending> pending_;
    std::atomic<bool> any_{false};  // spares the lock on the common path
};

}  // namespace triune::sim
