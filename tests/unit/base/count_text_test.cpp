// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <limits>

#include <triune/detail/base/count_text.hpp>

using namespace triune;

BOOST_AUTO_TEST_SUITE(count_text)

BOOST_AUTO_TEST_CASE(counts_are_themselves) {
    BOOST_TEST(triune::count_text(0) == "0");
    BOOST_TEST(triune::count_text(1000) == "1000");
    BOOST_TEST(triune::count_text(std::numeric_limits<std::size_t>::max() / 2) == "9223372036854775807");
}

BOOST_AUTO_TEST_CASE(what_was_negative_is_told_as_such) {
    BOOST_TEST(triune::count_text(static_cast<std::size_t>(-1)) == "-1 (as std::size_t 18446744073709551615)");
    BOOST_TEST(triune::count_text(std::numeric_limits<std::size_t>::max() / 2 + 1) ==
               "-9223372036854775808 (as std::size_t 9223372036854775808)");
}

BOOST_AUTO_TEST_SUITE_END()
