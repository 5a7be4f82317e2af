// SPDX-License-Identifier: Apache-2.0
// Events kept for reuse.
#include <boost/test/unit_test.hpp>

#include <vector>

#include <triune/detail/alloc/device_memory/event_pool.hpp>

#include "../balanced_sim.hpp"

using namespace triune;

BOOST_FIXTURE_TEST_SUITE(event_pool, BalancedSim)

BOOST_AUTO_TEST_CASE(an_event_that_was_put_back_is_taken_again) {
    EventPool pool(sim);
    const EventHandle first = pool.acquire();
    pool.release(first);
    BOOST_TEST(pool.acquire() == first);
    BOOST_TEST(sim.calls(Verb::event_create) == 1U);
    pool.release(first);
}

BOOST_AUTO_TEST_CASE(events_in_use_at_once_are_different_ones) {
    EventPool pool(sim);
    std::vector<EventHandle> taken;
    for (int i = 0; i < 100; ++i) taken.push_back(pool.acquire());
    BOOST_TEST(sim.ledger().events == 100U);
    for (EventHandle event : taken) pool.release(event);
    BOOST_TEST(sim.ledger().events == 100U);
    BOOST_TEST(sim.calls(Verb::event_create) == 100U);
}

BOOST_AUTO_TEST_CASE(a_failed_creation_throws_and_the_next_one_works) {
    EventPool pool(sim);
    sim.fail(Verb::event_create, 1, cuda_error::unknown);
    BOOST_CHECK_THROW(pool.acquire(), device_error);
    pool.release(pool.acquire());
}

BOOST_AUTO_TEST_SUITE_END()
