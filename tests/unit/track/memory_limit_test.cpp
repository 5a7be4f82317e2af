// SPDX-License-Identifier: Apache-2.0
// A total that never passes its limit.
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <limits>
#include <thread>
#include <vector>

#include <triune/detail/track/memory_limit.hpp>

using triune::MemoryLimit;

constexpr std::size_t most = std::numeric_limits<std::size_t>::max();

BOOST_AUTO_TEST_SUITE(memory_limit)

BOOST_AUTO_TEST_CASE(what_fits_is_added_to_the_last_byte) {
    MemoryLimit limit(100);
    BOOST_TEST(limit.try_add(60));
    BOOST_TEST(limit.room() == 40U);
    BOOST_TEST(limit.try_add(40));
    BOOST_TEST(limit.total() == 100U);
    BOOST_TEST(limit.room() == 0U);
}

BOOST_AUTO_TEST_CASE(a_refused_request_changes_nothing) {
    MemoryLimit limit(100);
    BOOST_TEST(limit.try_add(60));
    BOOST_TEST(!limit.try_add(41));
    BOOST_TEST(!limit.try_add(most));  // whose sum with the total would wrap
    BOOST_TEST(limit.total() == 60U);
}

BOOST_AUTO_TEST_CASE(a_limit_of_nothing_refuses_every_byte) {
    MemoryLimit limit(0);
    BOOST_TEST(!limit.try_add(1));
    BOOST_TEST(limit.room() == 0U);
}

BOOST_AUTO_TEST_CASE(what_is_never_refused_may_pass_the_limit_and_leaves_no_room) {
    MemoryLimit limit(100);
    limit.add(150);
    BOOST_TEST(limit.total() == 150U);
    BOOST_TEST(limit.room() == 0U);
    BOOST_TEST(!limit.try_add(1));
    limit.subtract(100);
    BOOST_TEST(limit.room() == 50U);
    BOOST_TEST(limit.try_add(50));
}

BOOST_AUTO_TEST_CASE(threads_never_pass_the_limit_together) {
    constexpr std::size_t max_bytes = 1000;
    MemoryLimit limit(max_bytes);
    std::atomic<std::size_t> added{0};
    std::atomic<bool> passed{false};
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < 4; ++i) {
        threads.emplace_back([&, step = i + 1] {
            for (int turn = 0; turn < 2000; ++turn) {
                if (limit.try_add(step)) added += step;
                if (limit.total() > max_bytes) passed = true;
            }
        });
    }
    for (auto& thread : threads) thread.join();
    BOOST_TEST(!passed);
    BOOST_TEST(limit.total() == added);
    BOOST_TEST(limit.room() == 0U);  // the smallest step is one byte
}

BOOST_AUTO_TEST_SUITE_END()
