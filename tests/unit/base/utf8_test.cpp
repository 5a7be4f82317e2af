// SPDX-License-Identifier: Apache-2.0
// Characters and what is none.
#include <boost/test/unit_test.hpp>

#include <string>

#include <triune/detail/base/utf8.hpp>

using triune::character_bytes;

BOOST_AUTO_TEST_SUITE(utf8)

BOOST_AUTO_TEST_CASE(a_character_has_one_to_four_bytes) {
    BOOST_TEST(character_bytes("a") == 1U);
    BOOST_TEST(character_bytes(std::string_view("\0", 1)) == 1U);
    BOOST_TEST(character_bytes("\xc2\x80z") == 2U);
    BOOST_TEST(character_bytes("\xe0\xa0\x80") == 3U);
    BOOST_TEST(character_bytes("\xed\x9f\xbf") == 3U);
    BOOST_TEST(character_bytes("\xef\xbf\xbf") == 3U);
    BOOST_TEST(character_bytes("\xf0\x90\x80\x80") == 4U);
    BOOST_TEST(character_bytes("\xf4\x8f\xbf\xbf") == 4U);
}

// None at all, a byte alone, overlong forms, a surrogate, beyond U+10FFFF, characters cut off.
BOOST_AUTO_TEST_CASE(what_is_no_character_has_none) {
    for (const char* text : {"", "\x80", "\xff", "\xc0\xaf", "\xc1\xbf", "\xe0\x9f\xbf", "\xed\xa0\x80",
                             "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xe2\x82", "\xe2(\xa1"}) {
        BOOST_TEST(character_bytes(text) == 0U);
    }
}

BOOST_AUTO_TEST_SUITE_END()
