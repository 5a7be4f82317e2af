// SPDX-License-Identifier: Apache-2.0
// Random operations for a long time on one device, whose threads, streams and managers come and go: nothing drifts.
//   triune_soak_tests                     as many rounds as take some ten seconds
//   triune_soak_tests -- --seconds 3600   as many as fit an hour
#include <boost/test/unit_test.hpp>

#include <algorithm>
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

// What may rise while caches fill, and must not afterwards.
struct Figures {
    std::size_t reserved = 0;
    std::size_t events = 0;
    std::size_t streams = 0;
    std::size_t pinned = 0;
    std::size_t mappings = 0;
    std::size_t host = 0;

    static Figures of(sim::SimDevice& device, const DeviceResources& resources) {
        const sim::SimLedger ledger = device.ledger();
        return {resources.pool.statistics().reserved_bytes,
                ledger.events,
                ledger.streams,
                ledger.pinned_bytes,
                ledger.mappings,
                resident_bytes()};
    }
    void raise_to(const Figures& other) {
        reserved = std::max(reserved, other.reserved);
        events = std::max(events, other.events);
        streams = std::max(streams, other.streams);
        pinned = std::max(pinned, other.pinned);
        mappings = std::max(mappings, other.mappings);
        host = std::max(host, other.host);
    }
};

void expect_within(const Figures& now, const Figures& most) {
    BOOST_TEST(now.reserved <= 2 * most.reserved);
    BOOST_TEST(now.events <= 2 * most.events);
    BOOST_TEST(now.streams <= 2 * most.streams);
    BOOST_TEST(now.pinned <= 2 * most.pinned);
    BOOST_TEST(now.mappings <= 2 * most.mappings);
    if (!sanitized) BOOST_TEST(now.host <= most.host + spare_host_bytes);
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
        const Figures now = Figures::of(sim, *resources);
        BOOST_TEST_CONTEXT("round " << round) {
            const PoolStatistics books = resources->pool.statistics();
            BOOST_TEST(books.live_bytes == 0U);
            BOOST_TEST(books.live_blocks == 0U);
            BOOST_TEST(books.lost_bytes == 0U);
            BOOST_TEST(teardown_failures() == teardown_failures_before);
            BOOST_TEST(sim.misuse().empty());
            if (round < warm_up_rounds) {
                most.raise_to(now);
            } else {
                expect_within(now, most);
            }
        }
    }
    BOOST_TEST_MESSAGE(round << " rounds of " << steps_a_round << " operations");
}

BOOST_AUTO_TEST_SUITE_END()
