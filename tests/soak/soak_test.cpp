// SPDX-License-Identifier: Apache-2.0
// Random operations for a long time on one device, whose threads, streams and managers come and go: nothing drifts.
//   triune_soak_tests                     as many rounds as take some ten seconds
//   triune_soak_tests -- --seconds 3600   as many as fit an hour
#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <thread>

#include <triune/manage/device_resources.hpp>
#include <triune/triune.hpp>

#include "../integration/modelled_manager.hpp"
#include "../unit/balanced_sim.hpp"
#include "soak.hpp"

using namespace triune;
using namespace triune::soak;

namespace {

constexpr int rounds_by_default = 150;
constexpr std::size_t limit = 120 * KiB;

Figures figures_of(sim::SimDevice& device, const DeviceResources& resources) {
    const sim::SimLedger ledger = device.ledger();
    return {{"reserved", resources.pool.statistics().reserved_bytes},
            {"events", ledger.events},
            {"streams", ledger.streams},
            {"pinned", ledger.pinned_bytes},
            {"mappings", ledger.mappings},
            {"process", resident_bytes()}};
}

void expect_within(const Figures& now, const Figures& most) {
    for (const auto& [name, value] : now) {
        if (name == "process" && sanitized) continue;
        const std::size_t bound = name == "process" ? most.at(name) + spare_host_bytes : 2 * most.at(name);
        BOOST_TEST(value <= bound, name << ": " << value << " after at most " << most.at(name));
    }
}

// In a thread of its own, so that its cache is left to the next.
void run_round(sim::SimDevice& device, unsigned seed) {
    std::thread([&] {
        BOOST_TEST_CONTEXT("seed " << seed) {
            ModelledManager both(device, limit, seed);
            for (int step = 0; step < steps_a_round; ++step) {
                both.step();
                if (step % 10 == 0) both.check();
            }
            both.check();
            both.free_all();
        }
    }).join();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(soak)

BOOST_FIXTURE_TEST_CASE(nothing_drifts, BalancedSim) {
    const Rounds rounds(rounds_by_default);
    const auto resources = DeviceResources::of(sim);  // outlives the managers of all rounds
    Figures most;
    int round = 0;
    for (; rounds.has(round); ++round) {
        run_round(sim, static_cast<unsigned>(round));
        const Figures now = figures_of(sim, *resources);
        BOOST_TEST_CONTEXT("round " << round) {
            const PoolStatistics books = resources->pool.statistics();
            BOOST_TEST(books.live_bytes == 0U);
            BOOST_TEST(books.live_blocks == 0U);
            BOOST_TEST(books.lost_bytes == 0U);
            BOOST_TEST(teardown_failures() == teardown_failures_before);
            BOOST_TEST(sim.misuse().empty());
            if (round < warm_up_rounds) {
                raise_to(most, now);
            } else {
                expect_within(now, most);
            }
        }
    }
    BOOST_TEST_MESSAGE(round << " rounds of " << steps_a_round << " operations");
}

BOOST_AUTO_TEST_SUITE_END()
