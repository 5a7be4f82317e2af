// SPDX-License-Identifier: Apache-2.0
// Strings as JSON.
#include <boost/test/unit_test.hpp>

#include <string>

#include <triune/detail/track/json_text.hpp>

using triune::json_string;

BOOST_AUTO_TEST_SUITE(json_text)

BOOST_AUTO_TEST_CASE(plain_text_stands_in_quotes) {
    BOOST_TEST(json_string("positions") == "\"positions\"");
    BOOST_TEST(json_string("") == "\"\"");
}

BOOST_AUTO_TEST_CASE(quotes_backslashes_and_control_characters_are_escaped) {
    BOOST_TEST(json_string("a\"b\\c") == "\"a\\\"b\\\\c\"");
    BOOST_TEST(json_string(std::string("a\0b\n\x1f\x7f", 6)) == "\"a\\u0000b\\u000a\\u001f\x7f\"");
}

BOOST_AUTO_TEST_CASE(valid_utf8_stays) {
    for (const char* text : {"\xc2\x80", "\xc3\xa4", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xef\xbf\xbf", "\xf0\x90\x80\x80",
                             "\xf4\x8f\xbf\xbf"}) {
        BOOST_TEST(json_string(text) == '"' + std::string(text) + '"');
    }
}

// A byte alone, an overlong form, a surrogate, beyond U+10FFFF, a character cut off.
BOOST_AUTO_TEST_CASE(each_byte_that_is_no_utf8_is_replaced) {
    BOOST_TEST(json_string("\xff") == "\"\\ufffd\"");
    BOOST_TEST(json_string("\x80x") == "\"\\ufffdx\"");
    BOOST_TEST(json_string("\xc0\xaf") == "\"\\ufffd\\ufffd\"");
    BOOST_TEST(json_string("\xe0\x9f\xbf") == "\"\\ufffd\\ufffd\\ufffd\"");
    BOOST_TEST(json_string("\xed\xa0\x80") == "\"\\ufffd\\ufffd\\ufffd\"");
    BOOST_TEST(json_string("\xf4\x90\x80\x80") == "\"\\ufffd\\ufffd\\ufffd\\ufffd\"");
    BOOST_TEST(json_string("a\xe2\x82") == "\"a\\ufffd\\ufffd\"");
    BOOST_TEST(json_string("\xe2(\xa1") == "\"\\ufffd(\\ufffd\"");
}

BOOST_AUTO_TEST_SUITE_END()
