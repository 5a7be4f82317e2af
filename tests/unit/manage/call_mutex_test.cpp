// SPDX-License-Identifier: Apache-2.0
// A mutex that refuses its own holder.
#include <triune/detail/manage/call_mutex.hpp>

#include <boost/test/unit_test.hpp>

#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <triune/base/error.hpp>

using namespace triune;

namespace {

struct OnMutex {
    const std::string name = "x";
    CallMutex mutex{name};
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(call_mutex, OnMutex)

BOOST_AUTO_TEST_CASE(its_holder_gets_an_error_in_place_of_a_deadlock) {
    const std::lock_guard lock(mutex);
    BOOST_TEST(mutex.held_here());
    BOOST_CHECK_THROW(mutex.lock(), invalid_argument);
    BOOST_CHECK_THROW(mutex.try_lock(), invalid_argument);
    try {
        mutex.lock();
    } catch (const invalid_argument& failure) {
        BOOST_TEST(std::string(failure.what()).find("'x'") != std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(it_can_be_had_again_once_it_is_let_go) {
    for (int i = 0; i < 2; ++i) {
        const std::lock_guard lock(mutex);
    }
    BOOST_TEST(!mutex.held_here());
    BOOST_TEST(mutex.try_lock());
    mutex.unlock();
}

BOOST_AUTO_TEST_CASE(other_threads_wait_or_are_told) {
    mutex.lock();
    std::thread([&] {
        BOOST_TEST(!mutex.held_here());
        BOOST_TEST(!mutex.try_lock());
    }).join();
    int order = 0;
    std::thread waiter([&] {
        const std::lock_guard lock(mutex);
        order = order * 10 + 2;
    });
    order = order * 10 + 1;
    mutex.unlock();
    waiter.join();
    BOOST_TEST(order == 12);
}

BOOST_AUTO_TEST_CASE(one_thread_at_a_time_has_it_however_many_wait) {
    int count = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&] {
            for (int turn = 0; turn < 2000; ++turn) {
                const std::lock_guard lock(mutex);
                ++count;
                if (turn % 100 == 0) std::this_thread::yield();  // so that others find it taken
            }
        });
    }
    for (auto& thread : threads) thread.join();
    BOOST_TEST(count == 8000);
    BOOST_TEST(mutex.try_lock());
    mutex.unlock();
}

BOOST_AUTO_TEST_SUITE_END()
