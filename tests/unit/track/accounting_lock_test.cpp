// SPDX-License-Identifier: Apache-2.0
// The lock around books.
#include <triune/detail/track/accounting_lock.hpp>

#include <boost/test/unit_test.hpp>

#include <mutex>
#include <thread>
#include <vector>

using namespace triune;

BOOST_AUTO_TEST_SUITE(accounting_lock)

BOOST_AUTO_TEST_CASE(one_thread_at_a_time_has_it) {
    AccountingLock lock;
    int count = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&] {
            for (int turn = 0; turn < 5000; ++turn) {
                const std::lock_guard guard(lock);
                ++count;
                if (turn % 500 == 0) std::this_thread::yield();  // so that others find it taken
            }
        });
    }
    for (auto& thread : threads) thread.join();
    BOOST_TEST(count == 20'000);
}

BOOST_AUTO_TEST_SUITE_END()
