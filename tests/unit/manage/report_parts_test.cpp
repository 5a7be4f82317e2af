// SPDX-License-Identifier: Apache-2.0
// The words of TRIUNE_REPORT, and the signal's name.
#include <triune/detail/manage/report_parts.hpp>

#include <boost/test/unit_test.hpp>

#include <csignal>
#include <string>
#include <vector>

#include <triune/detail/manage/report_signal.hpp>

using triune::ReportParts;

namespace {

// "lpt" for all three.
std::string parsed(const char* text, std::vector<std::string> expected_unknown = {}) {
    std::vector<std::string> unknown;
    const ReportParts parts = ReportParts::parse(text, unknown);
    BOOST_TEST(unknown == expected_unknown, boost::test_tools::per_element());
    return std::string(parts.leaks ? "l" : "") + (parts.peak ? "p" : "") + (parts.table ? "t" : "");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(report_parts)

BOOST_AUTO_TEST_CASE(each_word_is_one_part_and_all_is_every_one) {
    BOOST_TEST(parsed("leaks") == "l");
    BOOST_TEST(parsed("peak") == "p");
    BOOST_TEST(parsed("table") == "t");
    BOOST_TEST(parsed("all") == "lpt");
    BOOST_TEST(parsed("table,leaks") == "lt");
    BOOST_TEST(parsed("PEAK, Table\t,peak") == "pt");
}

BOOST_AUTO_TEST_CASE(no_words_are_no_parts) {
    for (const char* text : {"", " ", ",", " ,, "}) BOOST_TEST(parsed(text) == "");
    BOOST_TEST(!ReportParts{}.any());
}

BOOST_AUTO_TEST_CASE(other_words_are_named_as_they_were_written) {
    BOOST_TEST(parsed("leak, Peaks ,table", {"leak", "Peaks"}) == "t");
    BOOST_TEST(parsed("leaks peak", {"leaks peak"}) == "");
    BOOST_TEST(parsed("1,all", {"1"}) == "lpt");
}

BOOST_AUTO_TEST_CASE(a_signal_is_one_of_two) {
    BOOST_TEST(triune::report_signal::parse("USR1") == SIGUSR1);
    BOOST_TEST(triune::report_signal::parse("SIGUSR1") == SIGUSR1);
    BOOST_TEST(triune::report_signal::parse("usr2") == SIGUSR2);
    BOOST_TEST(triune::report_signal::parse("SigUsr2") == SIGUSR2);
    for (const char* word : {"", "HUP", "USR3", "10", "SIG", "USR1 "})
        BOOST_TEST(triune::report_signal::parse(word) == 0);
}

BOOST_AUTO_TEST_SUITE_END()
