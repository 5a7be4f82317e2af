// SPDX-License-Identifier: Apache-2.0
// What a record says of itself.
#include <boost/test/unit_test.hpp>

#include "tracked_item.hpp"

using namespace triune;

BOOST_AUTO_TEST_SUITE(allocation_record)

BOOST_AUTO_TEST_CASE(a_description_has_name_type_bytes_and_place) {
    Registry books;
    const Item named = item(books, "positions", 4000);
    BOOST_TEST(books.records().front().describe().starts_with("'positions' (float, 4000 bytes, tracked_item.cpp:"));
}

BOOST_AUTO_TEST_CASE(a_description_leaves_out_what_is_not_known) {
    Registry books;
    const Item unnamed = item(books, std::nullopt, 4000, OwnerKind::untyped);
    BOOST_TEST(books.records().front().describe().starts_with("unnamed (4000 bytes, tracked_item.cpp:"));
    BOOST_TEST(books.records().front().type_name().empty());
    const Item alias = item(books, "x", 5000, OwnerKind::alias);
    BOOST_TEST(books.records().front().describe() == "'x' (5000 bytes)");
}

BOOST_AUTO_TEST_CASE(a_description_is_one_printable_line_whatever_the_name_is) {
    Registry books;
    const Item hostile = item(books, "a\nb\x1b[2J\xff", 100);
    BOOST_TEST(books.records().front().describe().starts_with("'a\\x0ab\\x1b[2J\\xff' (float, 100 bytes, "));
    BOOST_TEST(books.records().front().name() == "a\nb\x1b[2J\xff");
}

BOOST_AUTO_TEST_CASE(a_record_keeps_the_figures_of_its_moment) {
    Registry books;
    Item made = item(books, "x", 100);
    const auto records = books.records();
    books.resized(*made, 500);
    made.reset();
    BOOST_TEST(records.front().bytes == 100U);
    BOOST_TEST(records.front().name() == "x");
    BOOST_TEST(records.front().type_name() == "float");
    BOOST_TEST(records.front().age_seconds() >= 0);
}

BOOST_AUTO_TEST_SUITE_END()
