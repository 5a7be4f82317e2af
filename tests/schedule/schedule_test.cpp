// SPDX-License-Identifier: Apache-2.0
// The library's locks and caches in every order of a few threads; and that the checker finds what is broken.
// With TRIUNE_SCHEDULE_FURTHER in the environment: one preemption and one old value more, for hours.
#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <string>

#include "groups.hpp"

using namespace schedule;

namespace {

const bool further = std::getenv("TRIUNE_SCHEDULE_FURTHER") != nullptr;

Group group(const std::string& name) {
    for (Group& each : groups(further)) {
        if (each.name == name) return each;
    }
    BOOST_FAIL("there is no group " << name);
    return {};
}

void must_be_sound(const std::string& name) {
    const Outcome outcome = explore(group(name));
    BOOST_TEST_MESSAGE(name << ": " << outcome.executions << " interleavings");
    BOOST_TEST(outcome.fault == "");
    BOOST_TEST(outcome.complete);
}

// What comes from the compiler or its library keeps its order.
bool is_the_librarys(const std::string& place) {
    return !place.starts_with("?") && place.find("std::__") != 0;
}

// Every order must be needed: where it is weaker the checker finds a fault.
void every_order_must_be_needed(const std::string& name) {
    constexpr int relaxed = 0, acquire = 2, release = 3, acq_rel = 4, seq_cst = 5;
    const Group all = group(name);
    int weakened = 0;
    for (const auto& [place, text] : explore(all).places) {
        if (place.order == relaxed || !is_the_librarys(text)) continue;
        const bool loads = text.find(" load ") != std::string::npos;
        const bool stores = text.find(" store ") != std::string::npos;
        for (const int order : {relaxed, loads ? acquire : stores ? release : acq_rel}) {
            if (order != relaxed && place.order != seq_cst) continue;
            ++weakened;
            BOOST_TEST(explore(all, place, order).fault != "", text << " may be weaker: " << order);
        }
    }
    BOOST_TEST_MESSAGE(name << ": " << weakened << " weaker orders are found");
    BOOST_TEST(weakened > 0);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(schedule)

BOOST_AUTO_TEST_CASE(a_biased_mutex_has_one_holder_and_everybody_gets_it) { must_be_sound("biased_mutex"); }
BOOST_AUTO_TEST_CASE(a_spin_lock_has_one_holder_and_everybody_gets_it) { must_be_sound("spin_lock"); }
BOOST_AUTO_TEST_CASE(an_accounting_lock_has_one_holder_and_everybody_gets_it) { must_be_sound("accounting_lock"); }
BOOST_AUTO_TEST_CASE(a_call_mutex_has_one_holder_and_wakes_who_waits) { must_be_sound("call_mutex"); }
BOOST_AUTO_TEST_CASE(a_transfer_cache_has_each_block_once) { must_be_sound("transfer_cache"); }
BOOST_AUTO_TEST_CASE(a_thread_cache_has_each_block_once_whoever_empties_it) { must_be_sound("thread_cache"); }

BOOST_AUTO_TEST_CASE(a_biased_mutex_whose_barrier_does_nothing_is_found) {
    Group all = group("biased_mutex");
    for (Run& run : all.runs) run.variant.barriers = Barriers::do_nothing;
    BOOST_TEST(explore(all).fault.find("race") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(every_order_of_a_biased_mutex_is_needed) { every_order_must_be_needed("biased_mutex"); }
BOOST_AUTO_TEST_CASE(every_order_of_a_spin_lock_is_needed) { every_order_must_be_needed("spin_lock"); }
BOOST_AUTO_TEST_CASE(every_order_of_an_accounting_lock_is_needed) { every_order_must_be_needed("accounting_lock"); }
BOOST_AUTO_TEST_CASE(every_order_of_a_call_mutex_is_needed) { every_order_must_be_needed("call_mutex"); }

BOOST_AUTO_TEST_SUITE_END()
