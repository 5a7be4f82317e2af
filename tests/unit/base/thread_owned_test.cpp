// SPDX-License-Identifier: Apache-2.0
// What an owner keeps for a thread, and what becomes of it.
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include <triune/detail/base/thread_owned.hpp>

using namespace triune;

namespace {

struct Part {
    int value = 0;
};
using Parts = ThreadOwned<Part>;

std::size_t count(const Parts& parts) {
    std::size_t found = 0;
    parts.for_each([&](const Part&) { ++found; });
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

BOOST_AUTO_TEST_CASE(an_owner_knows_whether_others_than_the_caller_have_parts) {
    Parts parts;
    const auto others = [&] {
        const std::lock_guard lock(parts);
        return parts.others_have_parts();
    };
    BOOST_TEST(!others());
    parts.own();
    BOOST_TEST(!others());
    bool seen_by_another = false;
    std::thread([&] { seen_by_another = others(); }).join();
    BOOST_TEST(seen_by_another);
    std::atomic<bool> has{false};
    std::atomic<bool> done{false};
    std::thread another([&] {
        parts.own();
        has = true;
        while (!done) std::this_thread::yield();
    });
    while (!has) std::this_thread::yield();
    BOOST_TEST(others());
    done = true;
    another.join();
    BOOST_TEST(!others());
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
