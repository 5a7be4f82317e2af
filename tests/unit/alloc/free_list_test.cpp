// SPDX-License-Identifier: Apache-2.0
// Spans that serve nobody.
#include <boost/test/unit_test.hpp>

#include <triune/detail/alloc/span/free_list.hpp>

#include "on_segment.hpp"

using namespace triune;

namespace {

struct OnFreeList : OnSegment {
    FreeList idle{records, SpanState::free};
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(free_list, OnFreeList)

BOOST_AUTO_TEST_CASE(the_smallest_that_is_big_enough_is_found) {
    const auto all = spans(6, 1024);
    idle.insert(all[0]);
    idle.insert(all[2]);
    idle.insert(all[3]);
    BOOST_TEST(idle.find(1024) == all[0]);
    BOOST_TEST(idle.find(1025) == all[2]);
    BOOST_TEST(idle.find(2049) == nullptr);
    BOOST_TEST(idle.bytes() == 3072U);
}

BOOST_AUTO_TEST_CASE(a_range_between_two_makes_them_one) {
    const auto all = spans(5, 512);
    idle.insert(all[1]);
    idle.insert(all[3]);
    BOOST_TEST(idle.count() == 2U);
    idle.insert(all[2]);
    BOOST_TEST(idle.count() == 1U);
    BOOST_TEST(all[1]->bytes == 1536U);
    BOOST_TEST(all[1]->next == all[4]);
    BOOST_TEST(all[4]->previous == all[1]);
    BOOST_TEST(idle.bytes() == 1536U);
}

BOOST_AUTO_TEST_CASE(ranges_in_another_state_are_not_merged) {
    const auto all = spans(2, 512);
    FreeList holes(records, SpanState::unmapped);
    holes.insert(all[0]);
    idle.insert(all[1]);
    BOOST_TEST(all[0]->bytes == 512U);
    BOOST_TEST((all[0]->state == SpanState::unmapped));
    BOOST_TEST((all[1]->state == SpanState::free));
}

BOOST_AUTO_TEST_CASE(ranges_of_another_list_are_not_merged) {
    FreeList other(records, SpanState::free);
    const auto all = spans(3, 512);
    BOOST_TEST(idle.insert(all[0]) == all[0]);
    BOOST_TEST(other.insert(all[1]) == all[1]);
    BOOST_TEST(all[0]->bytes == 512U);
    idle.remove(all[0]);
    BOOST_TEST(other.insert(all[0]) == all[0]);
    BOOST_TEST(all[0]->bytes == 1024U);
}

BOOST_AUTO_TEST_CASE(a_hole_is_found_by_any_address_in_it) {
    FreeList holes(records, SpanState::unmapped);
    const auto all = spans(4, 512);
    holes.insert(all[0]);
    holes.insert(all[2]);
    holes.insert(all[3]);
    BOOST_TEST(holes.containing(all[0]->data + 511) == all[0]);
    BOOST_TEST(holes.containing(all[2]->data) == all[2]);
    BOOST_TEST(holes.containing(all[2]->data + 1023) == all[2]);
}

BOOST_AUTO_TEST_CASE(what_is_removed_is_not_found) {
    const auto all = spans(2, 512);
    idle.insert(all[0]);
    idle.remove(all[0]);
    BOOST_TEST(idle.find(1) == nullptr);
    BOOST_TEST(idle.bytes() == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
