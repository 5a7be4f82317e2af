// SPDX-License-Identifier: Apache-2.0
#include <triune/detail/base/environment.hpp>

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <limits>
#include <optional>
#include <string>

#include <triune/base/error.hpp>
#include <triune/base/units.hpp>

#include "../../listening.hpp"
#include "../../written_log.hpp"

using namespace triune;

namespace {

constexpr const char* variable = "TRIUNE_TEST_ENVIRONMENT";

// The variable has `value`; null: it is not set.
struct Variable {
    explicit Variable(const char* value) {
        if (value == nullptr) unsetenv(variable);
        if (value != nullptr) setenv(variable, value, 1);
    }
    ~Variable() { unsetenv(variable); }
};

std::uint64_t number(const char* value) {
    const Variable set(value);
    return environment::Number(variable, 10, 100).value();
}

bool is_on(const char* value) {
    const Variable set(value);
    return environment::Switch(variable).is_on();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(environment)

BOOST_AUTO_TEST_CASE(a_variable_that_is_not_set_has_no_text) {
    const Variable none(nullptr);
    BOOST_TEST(triune::environment::text(variable).empty());
    BOOST_TEST(!triune::environment::is_set(variable));
    {
        const Variable set("");
        BOOST_TEST(triune::environment::is_set(variable));
    }
    const Variable set("a b");
    BOOST_TEST(triune::environment::text(variable) == "a b");
}

BOOST_AUTO_TEST_CASE(bytes_are_plain_or_have_a_binary_unit_in_either_case) {
    using triune::environment::to_bytes;
    BOOST_TEST(to_bytes("0").value() == 0U);
    BOOST_TEST(to_bytes("1234567").value() == 1234567U);
    BOOST_TEST(to_bytes("64k").value() == 64 * KiB);
    BOOST_TEST(to_bytes("64KiB").value() == 64 * KiB);
    BOOST_TEST(to_bytes("512 MiB").value() == 512 * MiB);
    BOOST_TEST(to_bytes("512mb").value() == 512 * MiB);
    for (const char* two : {"2G", "2g", "2GB", "2gb", "2GiB", "2 gib", "2  GB"}) {
        BOOST_TEST(to_bytes(two).value() == 2 * GiB, two);
    }
    BOOST_TEST(to_bytes("1T").value() == 1024 * GiB);
    BOOST_TEST(to_bytes("1TiB").value() == 1024 * GiB);
}

BOOST_AUTO_TEST_CASE(what_is_no_number_of_bytes_is_none) {
    for (const char* bad : {"", " ", "G", "-1", "+1", " 1", "1 ", "1.5G", "1GG", "1Gi", "1XB", "1 G B", "0x10", "lots",
                            "99999999999999999999", "99999999999G", "16777216T"}) {
        BOOST_TEST(!triune::environment::to_bytes(bad), bad);
    }
    BOOST_TEST(triune::environment::to_bytes("16777215T").value() == 16777215 * (1024 * GiB));
}

BOOST_AUTO_TEST_CASE(a_number_is_whole) {
    using triune::environment::to_number;
    BOOST_TEST(to_number("0").value() == 0U);
    BOOST_TEST(to_number("18446744073709551615").value() == std::numeric_limits<std::uint64_t>::max());
    for (const char* bad : {"", "-1", "1.5", "1s", " 1", "1 ", "ten", "18446744073709551616"}) {
        BOOST_TEST(!to_number(bad), bad);
    }
}

BOOST_AUTO_TEST_CASE(yes_and_no_are_words_in_either_case) {
    using triune::environment::to_yes;
    for (const char* yes : {"1", "yes", "YES", "true", "True", "on"}) BOOST_TEST((to_yes(yes) == true), yes);
    for (const char* no : {"0", "no", "No", "false", "FALSE", "off"}) BOOST_TEST((to_yes(no) == false), no);
    for (const char* neither : {"", "2", "y", "maybe", "1 "}) BOOST_TEST(!to_yes(neither).has_value(), neither);
}

BOOST_AUTO_TEST_CASE(words_are_the_same_in_either_case) {
    using triune::environment::same_word;
    BOOST_TEST(same_word("Sim", "sIM"));
    BOOST_TEST(!same_word("sim", "simulated"));
    BOOST_TEST(!same_word("simulated", "sim"));
    BOOST_TEST(!same_word("[", "{"));  // 32 apart, as letters are
    BOOST_TEST(same_word("", ""));
}

BOOST_AUTO_TEST_CASE(a_size_above_zero_or_an_error_that_names_variable_value_and_form) {
    const auto read = [](const char* value) {
        const Variable set(value);
        return triune::environment::bytes(variable);
    };
    BOOST_TEST(!read(nullptr));
    BOOST_TEST(!read(""));
    BOOST_TEST(read("3 kib").value() == 3 * KiB);
    const auto names_all = [](const invalid_argument& error) {
        return std::string(error.what()) ==
               "TRIUNE_TEST_ENVIRONMENT is '0'; it may be a number of bytes above 0, with K, M, G or T behind it: "
               "512M, 2GiB";
    };
    BOOST_CHECK_EXCEPTION(read("0"), invalid_argument, names_all);
    BOOST_CHECK_THROW(read("a lot"), invalid_argument);
}

BOOST_AUTO_TEST_CASE(a_good_value_is_taken_and_nothing_is_said) {
    const WrittenLog written;
    BOOST_TEST(number(nullptr) == 10U);
    BOOST_TEST(number("") == 10U);
    BOOST_TEST(number("0") == 0U);
    BOOST_TEST(number("100") == 100U);
    BOOST_TEST(!is_on(nullptr));
    BOOST_TEST(!is_on(""));
    BOOST_TEST(is_on("On"));
    BOOST_TEST(!is_on("off"));
    BOOST_TEST(written.text() == "");
}

BOOST_AUTO_TEST_CASE(a_bad_number_is_told_with_what_it_may_be_and_what_is_taken) {
    for (const std::string bad : {"101", "-1", "ten", "5 "}) {
        const WrittenLog written;
        BOOST_TEST(number(bad.c_str()) == 10U);
        const std::string line = "TRIUNE_TEST_ENVIRONMENT is '" + bad +
                                 "'; it may be a whole number from 0 to 100; 10 is taken\n";
        BOOST_TEST(written.text().find("[warning]") != std::string::npos, written.text());
        BOOST_TEST(written.text().find(line) != std::string::npos, written.text());
    }
}

BOOST_AUTO_TEST_CASE(a_bad_switch_is_told_with_what_it_may_be_and_what_is_taken) {
    const WrittenLog written;
    BOOST_TEST(!is_on("maybe"));
    const std::string line =
        "TRIUNE_TEST_ENVIRONMENT is 'maybe'; it may be 1, yes, true or on, or 0, no, false or off; 0 is taken\n";
    BOOST_TEST(written.text().find(line) != std::string::npos, written.text());
}

BOOST_AUTO_TEST_CASE(a_bad_value_is_told_once_and_not_while_it_is_read) {
    const Variable set("ten");
    int told = 0;
    const Listening listening([&](const std::string&) { ++told; });
    const triune::environment::Number read(variable, 10, 100);
    BOOST_TEST(told == 0);
    BOOST_TEST(read.value() == 10U);
    BOOST_TEST(read.value() == 10U);
    BOOST_TEST(told == 1);
}

BOOST_AUTO_TEST_SUITE_END()
