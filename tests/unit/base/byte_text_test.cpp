// SPDX-License-Identifier: Apache-2.0
// Bytes in reports and messages.
#include <triune/detail/base/byte_text.hpp>

#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <limits>

#include <triune/base/units.hpp>

using triune::GiB;
using triune::KiB;
using triune::MiB;

BOOST_AUTO_TEST_SUITE(byte_text)

BOOST_AUTO_TEST_CASE(below_a_kibibyte_it_is_bytes_alone) {
    BOOST_TEST(triune::byte_text(0) == "0 bytes");
    BOOST_TEST(triune::byte_text(1) == "1 byte");
    BOOST_TEST(triune::byte_text(12) == "12 bytes");
    BOOST_TEST(triune::byte_text(1023) == "1023 bytes");
}

BOOST_AUTO_TEST_CASE(exact_multiples_have_no_decimals) {
    BOOST_TEST(triune::byte_text(KiB) == "1 KiB (1024 bytes)");
    BOOST_TEST(triune::byte_text(6 * GiB) == "6 GiB (6442450944 bytes)");
    BOOST_TEST(triune::byte_text(100 * MiB) == "100 MiB (104857600 bytes)");
    BOOST_TEST(triune::byte_text(std::size_t{1} << 60) == "1 EiB (1152921504606846976 bytes)");
}

BOOST_AUTO_TEST_CASE(others_have_one_decimal_rounded) {
    BOOST_TEST(triune::byte_text(GiB + 512 * MiB) == "1.5 GiB (1610612736 bytes)");
    BOOST_TEST(triune::byte_text(1500) == "1.5 KiB (1500 bytes)");
    BOOST_TEST(triune::byte_text(1025) == "1.0 KiB (1025 bytes)");
    BOOST_TEST(triune::byte_text(KiB + 52) == "1.1 KiB (1076 bytes)");  // a twentieth is 51.2
    BOOST_TEST(triune::byte_text(KiB + 51) == "1.0 KiB (1075 bytes)");
    BOOST_TEST(triune::byte_text(std::numeric_limits<std::size_t>::max()) == "16.0 EiB (18446744073709551615 bytes)");
}

BOOST_AUTO_TEST_CASE(what_rounds_up_to_the_next_unit_is_written_in_that) {
    BOOST_TEST(triune::byte_text(MiB - 1) == "1.0 MiB (1048575 bytes)");
    BOOST_TEST(triune::byte_text(MiB - 52) == "1023.9 KiB (1048524 bytes)");
}

BOOST_AUTO_TEST_SUITE_END()
