// SPDX-License-Identifier: Apache-2.0
// Records that are there before they are needed.
#include <boost/test/unit_test.hpp>

#include <set>

#include <triune/detail/alloc/span/span_store.hpp>

#include "../balanced_sim.hpp"

using namespace triune;

BOOST_FIXTURE_TEST_SUITE(span_store, BalancedSim)

BOOST_AUTO_TEST_CASE(so_many_ranges_as_were_reserved_are_there_and_all_differ) {
    SpanStore records(sim);
    records.reserve_spans(100);
    std::set<Span*> taken;
    for (int i = 0; i < 100; ++i) taken.insert(records.acquire_span());
    BOOST_TEST(taken.size() == 100U);
    BOOST_TEST(!taken.contains(nullptr));
}

BOOST_AUTO_TEST_CASE(a_record_that_was_put_back_comes_again) {
    SpanStore records(sim);
    records.reserve_spans(1);
    Span* const span = records.acquire_span();
    records.release(span);
    BOOST_TEST(records.acquire_span() == span);
    FreeBatch* const batch = records.acquire_batch();
    records.release(batch);
    BOOST_TEST(records.acquire_batch() == batch);
    records.release(batch);
}

BOOST_AUTO_TEST_CASE(there_is_a_batch_for_every_range) {
    SpanStore records(sim);
    records.reserve_spans(130);
    std::set<FreeBatch*> batches;
    for (int i = 0; i < 130; ++i) batches.insert(records.acquire_batch());
    BOOST_TEST(batches.size() == 130U);
    for (FreeBatch* batch : batches) records.release(batch);
}

BOOST_AUTO_TEST_CASE(the_events_of_batches_go_with_the_store) {
    {
        SpanStore records(sim);
        records.reserve_spans(1);
        FreeBatch* const batch = records.acquire_batch();
        BOOST_TEST(sim.event_create(batch->event).ok());
        records.release(batch);
        BOOST_TEST(records.acquire_batch() == batch);  // one with its event comes first
        records.release(batch);
        BOOST_TEST(sim.ledger().events == 1U);
    }
    BOOST_TEST(sim.ledger().events == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
