// SPDX-License-Identifier: Apache-2.0
// What an owner keeps for a thread, and what becomes of it.
#include <boost/test/unit_test.hpp>

#include <memory>
#include <thread>
#include <vector>

#include <triune/base/thread_owned.hpp>

using namespace triune;

namespace {

struct Part {
    int value = 0;
};
using Parts = ThreadOwned<Part>;

std::size_t count(const Parts& parts) {
    std::size_t found = 0;
    parts.for_each([&](const Part&) { ++found; });
    BOOST_TEST(parts.at(found) == nullptr);
    return found;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(thread_owned)

BOOST_AUTO_TEST_CASE(a_thread_has_one_part_of_an_owner) {
    Parts parts;
    Part* const mine = parts.own();
    BOOST_TEST(mine != nullptr);
    BOOST_TEST(parts.own() == mine);
    Parts others;
    BOOST_TEST(others.own() != mine);
    BOOST_TEST(parts.own() == mine);
    BOOST_TEST(count(parts) == 1U);
}

BOOST_AUTO_TEST_CASE(threads_at_work_together_have_parts_of_their_own) {
    Parts parts;
    Part* const mine = parts.own();
    Part* theirs = nullptr;
    std::thread([&] { theirs = parts.own(); }).join();
    BOOST_TEST(theirs != mine);
    BOOST_TEST(count(parts) == 2U);
}

BOOST_AUTO_TEST_CASE(the_part_of_a_thread_that_ended_is_the_next_ones) {
    Parts parts;
    std::vector<Part*> seen(3, nullptr);
    for (Part*& each : seen) std::thread([&] { each = parts.own(); }).join();
    BOOST_TEST(seen[0] == seen[1]);
    BOOST_TEST(seen[1] == seen[2]);
    BOOST_TEST(count(parts) == 1U);
}

BOOST_AUTO_TEST_CASE(a_thread_may_end_after_the_owner_did) {
    auto parts = std::make_unique<Parts>();
    std::thread([&] {
        BOOST_TEST(parts->own() != nullptr);
        parts.reset();
    }).join();
    Parts next;
    BOOST_TEST(next.own() != nullptr);
}

BOOST_AUTO_TEST_SUITE_END()
