// SPDX-License-Identifier: Apache-2.0
// A small simulated device that each case must leave as it found it.
#pragma once

#include <boost/test/unit_test.hpp>

#include <cstddef>

#include <triune/base/error.hpp>
#include <triune/base/units.hpp>
#include <triune/device/sim/sim_device.hpp>
#include <triune/device/stream.hpp>

namespace triune {

// Fixtures derive from it, so that what they make is gone when the ledger is read.
struct BalancedSim {
    static sim::SimOptions small(std::size_t capacity_bytes = 256 * MiB) {
        sim::SimOptions options;
        options.capacity_bytes = capacity_bytes;
        return options;
    }

    // Queued work runs only where somebody waits for it, or for what it is ordered before.
    static sim::SimOptions late() {
        sim::SimOptions options = small();
        options.lateness_seconds = 3600;
        return options;
    }

    explicit BalancedSim(sim::SimOptions options = small()) : sim(options) {}
    BalancedSim(const BalancedSim&) = delete;
    BalancedSim& operator=(const BalancedSim&) = delete;
    ~BalancedSim() {
        BOOST_TEST(sim.ledger().balanced(), sim.ledger().describe());
        const auto misuse = sim.misuse();
        BOOST_TEST(misuse.size() == expected_misuse, (misuse.empty() ? "no misuse was seen" : misuse.back()));
        BOOST_TEST(teardown_failures() - teardown_failures_before == expected_teardown_failures);
    }

    sim::SimDevice sim;
    // What a case does wrong on purpose.
    std::size_t expected_misuse = 0;
    unsigned long long expected_teardown_failures = 0;
    const unsigned long long teardown_failures_before = teardown_failures();
};

// No queued work begins while one lives.
class Held {
  public:
    explicit Held(sim::SimDevice& device) : device_(device) { device_.hold_streams(); }
    Held(const Held&) = delete;
    Held& operator=(const Held&) = delete;
    ~Held() { device_.release_streams(); }

  private:
    sim::SimDevice& device_;
};

// No copy crosses the link while one lives; all other work runs.
class HeldLink {
  public:
    explicit HeldLink(sim::SimDevice& device) : device_(device) { device_.hold_link(); }
    HeldLink(const HeldLink&) = delete;
    HeldLink& operator=(const HeldLink&) = delete;
    ~HeldLink() { device_.release_link(); }

  private:
    sim::SimDevice& device_;
};

}  // namespace triune
