// SPDX-License-Identifier: Apache-2.0
// Byte arithmetic that does not wrap.
#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <limits>

#include <triune/base/units.hpp>

using triune::KiB;
using triune::multiply;
using triune::round_up;

constexpr std::size_t most = std::numeric_limits<std::size_t>::max();

BOOST_AUTO_TEST_SUITE(units)

BOOST_AUTO_TEST_CASE(a_product_that_fits_is_given) {
    std::size_t product = 7;
    BOOST_TEST(multiply(1000, 4, product));
    BOOST_TEST(product == 4000U);
    BOOST_TEST(multiply(0, most, product));
    BOOST_TEST(product == 0U);
    BOOST_TEST(multiply(most, 0, product));
    BOOST_TEST(product == 0U);
    BOOST_TEST(multiply(most, 1, product));
    BOOST_TEST(product == most);
}

BOOST_AUTO_TEST_CASE(a_product_that_overflows_changes_nothing) {
    std::size_t product = 7;
    BOOST_TEST(!multiply(most / 4 + 1, 4, product));
    BOOST_TEST(!multiply(most, most, product));
    BOOST_TEST(product == 7U);
}

BOOST_AUTO_TEST_CASE(rounding_goes_up_to_the_next_multiple) {
    BOOST_TEST(round_up(0, 256) == 0U);
    BOOST_TEST(round_up(1, 256) == 256U);
    BOOST_TEST(round_up(256, 256) == 256U);
    BOOST_TEST(round_up(257, 256) == 512U);
    BOOST_TEST(round_up(5, 1) == 5U);
}

BOOST_AUTO_TEST_CASE(rounding_ends_at_the_largest_multiple) {
    BOOST_TEST(round_up(most, 4 * KiB) == most - (4 * KiB - 1));
    BOOST_TEST(round_up(most - 1, 256) == most - 255);
}

BOOST_AUTO_TEST_SUITE_END()
