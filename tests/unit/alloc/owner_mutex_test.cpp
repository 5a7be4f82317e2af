// SPDX-License-Identifier: Apache-2.0
// One thread that takes a mutex all the time, and others.
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <thread>
#include <vector>

#include <triune/alloc/owner_mutex.hpp>

using namespace triune;

namespace {

// How often somebody came in while another was inside. What the owner stores may reach other processors late: without
// the barrier another sees the owner's last visit come while it is inside itself. That takes many tries, and a line of
// the cache that both want all the time.
long long meetings(bool owner_pays) {
    constexpr int rounds = 4'000;
    struct alignas(64) Line {
        OwnerMutex mutex;
        std::atomic<long long> visits{0};
    } line{OwnerMutex(owner_pays)};
    auto& [mutex, visits] = line;
    std::atomic<bool> done{false};
    long long met = 0;
    std::thread other([&] {
        for (int round = 0; round < rounds; ++round) {
            long long seen = 0;
            {
                const OtherLock lock(mutex);
                seen = visits.load(std::memory_order_relaxed);
                for (int i = 0; i < 20; ++i) met += visits.load(std::memory_order_relaxed) == seen ? 0 : 1;
            }
            for (int i = 1; visits.load(std::memory_order_relaxed) < seen + round % 64; ++i) {
                if (i % 10'000 == 0) std::this_thread::yield();  // on a lone processor
            }
        }
        done = true;
    });
    while (!done) {
        const OwnerLock lock(mutex);
        visits.store(visits.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    }
    other.join();
    return met;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(owner_mutex)

BOOST_AUTO_TEST_CASE(nobody_comes_in_while_another_is_inside) {
    BOOST_TEST(meetings(true) == 0);
    if (OwnerMutex().owner_pays()) return;  // the system has no such barrier
    BOOST_TEST(meetings(false) == 0);
}

BOOST_AUTO_TEST_CASE(others_exclude_one_another_too) {
    constexpr int rounds = 2'000;
    OwnerMutex mutex;
    int visits = 0;  // not atomic: whoever is inside is alone
    std::vector<std::thread> others(3);
    for (std::thread& each : others) {
        each = std::thread([&] {
            for (int round = 0; round < rounds; ++round) {
                const OtherLock lock(mutex);
                ++visits;
            }
        });
    }
    for (int round = 0; round < rounds; ++round) {
        const OwnerLock lock(mutex);
        ++visits;
    }
    for (std::thread& each : others) each.join();
    BOOST_TEST(visits == 4 * rounds);
}

BOOST_AUTO_TEST_CASE(the_owner_may_come_as_another) {
    OwnerMutex mutex;
    int visits = 0;
    for (int i = 0; i < 3; ++i) {
        {
            const OtherLock lock(mutex);
            ++visits;
        }
        const OwnerLock lock(mutex);
        ++visits;
    }
    BOOST_TEST(visits == 6);
}

BOOST_AUTO_TEST_SUITE_END()
