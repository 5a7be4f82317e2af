// SPDX-License-Identifier: Apache-2.0
// What the books count while a scope is open.
#include <boost/test/unit_test.hpp>

#include <thread>

#include "tracked_item.hpp"

using namespace triune;

BOOST_AUTO_TEST_SUITE(scope_tally)

BOOST_AUTO_TEST_CASE(a_scope_counts_from_its_opening_to_its_closing) {
    Registry books;
    Item before = item(books, "before", 100);
    ScopeTally scope(ScopeThreads::own);
    books.open(scope);
    Item made = item(books, "x", 40);
    books.resized(*made, 60);
    books.resized(*made, 10);
    before.reset();
    const ScopeFigures inside = books.figures(scope);
    BOOST_TEST(inside.allocation_count == 1U);
    BOOST_TEST(inside.resize_count == 2U);
    BOOST_TEST(inside.free_count == 1U);
    BOOST_TEST(inside.allocated_bytes == 60U);
    BOOST_TEST(inside.freed_bytes == 150U);
    BOOST_TEST(inside.peak_bytes == 60U);
    books.close(scope);
    const Item after = item(books, "after", 1000);
    books.close(scope);  // does nothing
    BOOST_TEST((books.figures(scope) == inside));
    BOOST_REQUIRE(books.records(scope).size() == 1U);
    BOOST_TEST(books.records(scope).front().name() == "x");
    made.reset();
    BOOST_TEST(books.records(scope).empty());
}

BOOST_AUTO_TEST_CASE(the_peak_inside_is_of_what_stands_at_once) {
    Registry books;
    ScopeTally scope(ScopeThreads::own);
    books.open(scope);
    for (int turn = 0; turn < 3; ++turn) item(books, "x", 50).reset();
    BOOST_TEST(books.figures(scope).allocated_bytes == 150U);
    BOOST_TEST(books.figures(scope).peak_bytes == 50U);
    books.close(scope);
}

BOOST_AUTO_TEST_CASE(what_happens_counts_in_every_open_scope) {
    Registry books;
    ScopeTally outer(ScopeThreads::own);
    ScopeTally inner(ScopeThreads::own);
    books.open(outer);
    const Item first = item(books, "x", 1);
    books.open(inner);
    const Item second = item(books, "y", 10);
    books.close(inner);
    const Item third = item(books, "z", 100);
    BOOST_TEST(books.figures(inner).allocated_bytes == 10U);
    BOOST_TEST(books.figures(outer).allocated_bytes == 111U);
    BOOST_TEST(books.records(inner).size() == 1U);
    BOOST_TEST(books.records(outer).size() == 3U);
    books.close(outer);
}

BOOST_AUTO_TEST_CASE(a_scope_sees_its_own_thread_or_all) {
    Registry books;
    ScopeTally own(ScopeThreads::own);
    ScopeTally all(ScopeThreads::all);
    books.open(own);
    books.open(all);
    Item other;
    std::thread([&] { other = item(books, "other's", 10); }).join();
    const Item here = item(books, "own", 1);
    BOOST_TEST(books.figures(own).allocated_bytes == 1U);
    BOOST_TEST(books.figures(all).allocated_bytes == 11U);
    BOOST_TEST(books.records(own).size() == 1U);
    BOOST_TEST(books.records(all).size() == 2U);
    books.close(own);
    books.close(all);
}

BOOST_AUTO_TEST_CASE(an_alias_counts_in_no_scope) {
    Registry books;
    ScopeTally scope(ScopeThreads::own);
    books.open(scope);
    item(books, "a facade's", 100, OwnerKind::alias).reset();
    BOOST_TEST((books.figures(scope) == ScopeFigures{}));
    books.close(scope);
}

BOOST_AUTO_TEST_SUITE_END()
