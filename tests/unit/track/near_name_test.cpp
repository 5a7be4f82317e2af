// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <string>

#include <triune/detail/track/near_name.hpp>

using namespace triune;

BOOST_AUTO_TEST_SUITE(near_name)

BOOST_AUTO_TEST_CASE(each_kind_of_mistake_counts_one) {
    BOOST_TEST(mistakes("positions", "positions", 3) == 0U);
    BOOST_TEST(mistakes("position", "positions", 3) == 1U);
    BOOST_TEST(mistakes("possitions", "positions", 3) == 1U);
    BOOST_TEST(mistakes("pozitions", "positions", 3) == 1U);
    BOOST_TEST(mistakes("postiions", "positions", 3) == 1U);  // two characters swapped
    BOOST_TEST(mistakes("POSITIONS", "positions", 3) == 0U);
    BOOST_TEST(mistakes("opsitoins", "positions", 3) == 2U);
    BOOST_TEST(mistakes("", "xy", 3) == 2U);
}

BOOST_AUTO_TEST_CASE(more_than_are_asked_about_are_one_too_many) {
    BOOST_TEST(mistakes("velocities", "positions", 3) == 4U);
    BOOST_TEST(mistakes("a", "abcdef", 2) == 3U);
    BOOST_TEST(mistakes("abc", "xyz", 0) == 1U);
    BOOST_TEST(mistakes(std::string(1000, 'a'), std::string(1000, 'b'), 5) == 6U);
}

BOOST_AUTO_TEST_CASE(short_names_forgive_nothing) {
    BOOST_TEST(forgiven_mistakes(2) == 0U);
    BOOST_TEST(forgiven_mistakes(3) == 1U);
    BOOST_TEST(forgiven_mistakes(9) == 3U);
}

BOOST_AUTO_TEST_SUITE_END()
