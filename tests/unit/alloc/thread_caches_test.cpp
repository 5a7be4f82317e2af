// SPDX-License-Identifier: Apache-2.0
// A thread's cache of a pool, and what becomes of it.
#include <boost/test/unit_test.hpp>

#include <memory>
#include <thread>
#include <vector>

#include <triune/alloc/thread_caches.hpp>
#include <triune/base/units.hpp>

using namespace triune;

namespace {

std::size_t count(const ThreadCaches& caches) {
    std::size_t found = 0;
    while (caches.at(found) != nullptr) ++found;
    return found;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(thread_caches)

BOOST_AUTO_TEST_CASE(a_thread_has_one_cache_a_pool) {
    ThreadCaches caches(1 * MiB);
    ThreadCache* const mine = caches.own();
    BOOST_TEST(mine != nullptr);
    BOOST_TEST(caches.own() == mine);
    ThreadCaches others(1 * MiB);
    BOOST_TEST(others.own() != mine);
    BOOST_TEST(caches.own() == mine);
    BOOST_TEST(count(caches) == 1U);
}

BOOST_AUTO_TEST_CASE(threads_at_work_together_have_caches_of_their_own) {
    ThreadCaches caches(1 * MiB);
    ThreadCache* const mine = caches.own();
    ThreadCache* theirs = nullptr;
    std::thread([&] { theirs = caches.own(); }).join();
    BOOST_TEST(theirs != mine);
    BOOST_TEST(count(caches) == 2U);
}

BOOST_AUTO_TEST_CASE(the_cache_of_a_thread_that_ended_is_the_next_ones) {
    ThreadCaches caches(1 * MiB);
    std::vector<ThreadCache*> seen(3, nullptr);
    for (ThreadCache*& each : seen) std::thread([&] { each = caches.own(); }).join();
    BOOST_TEST(seen[0] == seen[1]);
    BOOST_TEST(seen[1] == seen[2]);
    BOOST_TEST(count(caches) == 1U);
}

BOOST_AUTO_TEST_CASE(a_thread_may_end_after_the_pool_did) {
    auto caches = std::make_unique<ThreadCaches>(1 * MiB);
    std::thread([&] {
        BOOST_TEST(caches->own() != nullptr);
        caches.reset();
    }).join();
    ThreadCaches next(1 * MiB);
    BOOST_TEST(next.own() != nullptr);
}

BOOST_AUTO_TEST_SUITE_END()
