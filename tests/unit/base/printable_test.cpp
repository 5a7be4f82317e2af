// SPDX-License-Identifier: Apache-2.0
// Text from users in messages and log lines.
#include <triune/detail/base/printable.hpp>

#include <boost/test/unit_test.hpp>

#include <string>

#include <triune/base/error.hpp>

using triune::is_printable;

BOOST_AUTO_TEST_SUITE(printable)

BOOST_AUTO_TEST_CASE(printable_text_stays_as_it_is) {
    for (const char* text : {"", "positions", "a b\\c '\"", "\xC3\xA9", "\xE4\xBD\x8D\xE7\xBD\xAE", "\xF0\x9F\x90\x9F",
                             "\xC2\xA0", "\xEE\x80\x80", "\xF4\x8F\xBF\xBF", "\xED\x9F\xBF", "\xE0\xA0\x80"}) {
        BOOST_TEST(is_printable(text));
        BOOST_TEST(triune::printable(text) == text);
    }
}

BOOST_AUTO_TEST_CASE(control_characters_are_escaped) {
    BOOST_TEST(triune::printable(std::string("a\0b", 3)) == "a\\x00b");
    BOOST_TEST(triune::printable("two\nlines\t\x1b[31m\x7f") == "two\\x0alines\\x09\\x1b[31m\\x7f");
    BOOST_TEST(triune::printable("\xC2\x9B") == "\\xc2\\x9b");  // U+009B starts a terminal's control sequence
}

BOOST_AUTO_TEST_CASE(bytes_that_are_no_utf8_are_escaped_one_by_one) {
    BOOST_TEST(triune::printable("\xff\xfe") == "\\xff\\xfe");
    BOOST_TEST(triune::printable("ok\xC3") == "ok\\xc3");       // cut off
    BOOST_TEST(triune::printable("\xC3(") == "\\xc3(");         // no continuation
    BOOST_TEST(triune::printable("\xC0\xAF") == "\\xc0\\xaf");  // overlong, as the next two
    BOOST_TEST(triune::printable("\xE0\x9F\xBF") == "\\xe0\\x9f\\xbf");
    BOOST_TEST(triune::printable("\xF0\x8F\xBF\xBF") == "\\xf0\\x8f\\xbf\\xbf");
    BOOST_TEST(triune::printable("\xED\xA0\x80") == "\\xed\\xa0\\x80");           // a surrogate
    BOOST_TEST(triune::printable("\xF4\x90\x80\x80") == "\\xf4\\x90\\x80\\x80");  // beyond U+10FFFF
    BOOST_TEST(triune::printable("\x80z") == "\\x80z");                           // a continuation alone
}

BOOST_AUTO_TEST_CASE(errors_are_printable_whatever_the_names_are) {
    BOOST_TEST(triune::buffer_not_found(std::string("'\0\n\xff'", 5)).what() == std::string("'\\x00\\x0a\\xff'"));
}

BOOST_AUTO_TEST_SUITE_END()
