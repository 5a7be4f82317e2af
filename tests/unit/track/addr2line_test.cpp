// SPDX-License-Identifier: Apache-2.0
#include <triune/detail/track/addr2line.hpp>

#include <boost/test/unit_test.hpp>

#include <string>

using namespace triune;

BOOST_AUTO_TEST_SUITE(addr2line)

BOOST_AUTO_TEST_CASE(each_address_has_its_functions_with_the_innermost_first) {
    const auto found = triune::addr2line::read(
        "0x0000000000001139\ninner(int)\n/src/a.hpp:7\nouter(int)\n/src/a.cpp:12 (discriminator 3)\n"
        "0x000000000000113a\nmain\n/src/a.cpp:20\n",
        2);
    BOOST_REQUIRE(found.size() == 2U);
    BOOST_REQUIRE(found[0].size() == 2U);
    BOOST_TEST(found[0][0].function == "inner(int)");
    BOOST_TEST(found[0][0].file_and_line == "/src/a.hpp:7");
    BOOST_TEST(found[0][1].function == "outer(int)");
    BOOST_TEST(found[0][1].file_and_line == "/src/a.cpp:12");
    BOOST_REQUIRE(found[1].size() == 1U);
    BOOST_TEST(found[1][0].function == "main");
}

BOOST_AUTO_TEST_CASE(question_marks_are_nothing_known) {
    const auto found = triune::addr2line::read("0x1\n??\n??:0\n0x2\n_start\n??:?\n0x3\nf\na.cpp:?\n", 3);
    BOOST_REQUIRE(found.size() == 3U);
    BOOST_TEST(found[0][0].function == "");
    BOOST_TEST(found[0][0].file_and_line == "");
    BOOST_TEST(found[1][0].function == "_start");
    BOOST_TEST(found[1][0].file_and_line == "");
    BOOST_TEST(found[2][0].file_and_line == "");
}

BOOST_AUTO_TEST_CASE(another_output_than_expected_is_nothing_known) {
    for (const char* output :
         {"", "usage: addr2line", "0x1\nf\na.cpp:1\n", "0x1\nf\na.cpp:1\n0x2\ng\nb.cpp:2\n0x3\n"}) {
        const auto found = triune::addr2line::read(output, 2);
        BOOST_REQUIRE(found.size() == 2U);
        BOOST_TEST((found[0].empty() && found[1].empty()), output);
    }
    const auto cut =
        triune::addr2line::read("0x1\nf\na\nb.cpp:1\n0x2\ng\nc.cpp:2\n", 2);  // a line end in a file's name
    BOOST_TEST(cut[0].empty());
    BOOST_TEST(cut[1].size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_file_that_is_not_there_is_nothing_known) {
    const std::uintptr_t offsets[] = {1, 2};
    const auto found = triune::addr2line::ask("/nonexistent/library.so", offsets);
    BOOST_REQUIRE(found.size() == 2U);
    BOOST_TEST((found[0].empty() && found[1].empty()));
}

BOOST_AUTO_TEST_SUITE_END()
