// SPDX-License-Identifier: Apache-2.0
// Where an allocation was made.
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <string>

#include "tracked_item.hpp"

using namespace triune;

namespace {

[[gnu::noinline]] StackTrace captured(int depth) {
    if (depth > 0) {
        StackTrace deeper = captured(depth - 1);
        asm volatile("" ::: "memory");  // no tail call
        return deeper;
    }
    return StackTrace::capture();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(stack_trace)

BOOST_AUTO_TEST_CASE(a_trace_has_a_line_for_each_call_with_the_program_and_an_address) {
    const auto shallow = captured(0).lines();
    const auto deep = captured(5).lines();
    BOOST_TEST(!shallow.empty());
    BOOST_TEST((deep.size() == shallow.size() + 5 || deep.size() == StackTrace::max_frames));
    BOOST_TEST(shallow.front().find("triune_track_tests+0x") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_trace_is_cut_at_the_most_frames) {
    BOOST_TEST(captured(100).lines().size() < StackTrace::max_frames + 1);
    BOOST_TEST(captured(100).lines().size() > StackTrace::max_frames / 2);
}

BOOST_AUTO_TEST_CASE(allocations_carry_traces_while_they_are_asked_for) {
    Registry books;
    const Item before = item(books, "before", 1);
    books.set_stack_traces(true);
    Item during = item(books, "during", 2);
    books.set_stack_traces(false);
    const Item after = item(books, "after", 3);
    const auto records = books.records();
    BOOST_REQUIRE(records.size() == 3U);
    BOOST_TEST(records[0].stack() == nullptr);
    BOOST_TEST(records[2].stack() == nullptr);
    BOOST_REQUIRE(records[1].stack() != nullptr);
    during.reset();
    BOOST_TEST(records[1].stack()->lines().size() > 1U);  // as long as the record lives
}

BOOST_AUTO_TEST_SUITE_END()
