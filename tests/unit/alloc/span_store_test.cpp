// SPDX-License-Identifier: Apache-2.0
// Records that are there before they are needed.
#include <boost/test/unit_test.hpp>

#include <set>

#include <triune/alloc/span/span_store.hpp>

#include "../balanced_sim.hpp"

using namespace triune;

BOOST_FIXTURE_TEST_SUITE(record_store, BalancedSim)

BOOST_AUTO_TEST_CASE(so_many_ranges_as_were_reserved_are_there_and_all_differ) {
    RecordStore records(sim);
    records.reserve_ranges(100);
    std::set<Range*> taken;
    for (int i = 0; i < 100; ++i) taken.insert(records.range());
    BOOST_TEST(taken.size() == 100U);
    BOOST_TEST(!taken.contains(nullptr));
}

BOOST_AUTO_TEST_CASE(a_record_that_was_put_back_comes_again) {
    RecordStore records(sim);
    records.reserve_ranges(1);
    Range* const range = records.range();
    records.put_back(range);
    BOOST_TEST(records.range() == range);
    FreeBatch* const batch = records.batch();
    records.put_back(batch);
    BOOST_TEST(records.batch() == batch);
    records.put_back(batch);
}

BOOST_AUTO_TEST_CASE(there_is_a_batch_for_every_range) {
    RecordStore records(sim);
    records.reserve_ranges(130);
    std::set<FreeBatch*> batches;
    for (int i = 0; i < 130; ++i) batches.insert(records.batch());
    BOOST_TEST(batches.size() == 130U);
    for (FreeBatch* batch : batches) records.put_back(batch);
}

BOOST_AUTO_TEST_CASE(the_events_of_batches_go_with_the_store) {
    {
        RecordStore records(sim);
        records.reserve_ranges(1);
        FreeBatch* const batch = records.batch();
        BOOST_TEST(sim.event_create(batch->event).ok());
        records.put_back(batch);
        BOOST_TEST(records.batch() == batch);  // one with its event comes first
        records.put_back(batch);
        BOOST_TEST(sim.ledger().events == 1U);
    }
    BOOST_TEST(sim.ledger().events == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
