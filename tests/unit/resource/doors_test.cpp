// SPDX-License-Identifier: Apache-2.0
// Every way by which users get memory, from many threads: no thread waits for another's lock, and nothing is lost.
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

#include <triune/detail/manage/manager_core.hpp>
#include <triune/detail/track/thread_tallies.hpp>
#include <triune/manage/device_resources.hpp>

#include "on_account.hpp"

using namespace triune;

namespace {

BufferConfig not_zeroed() {
    BufferConfig config = GpuMemoryManager::unbounded();
    config.zeroed = false;
    return config;
}

struct OnDoors : OnAccount {
    void use_each(const std::string& name, StreamHandle on) {
        const StreamOrder order = StreamOrder::on(on);
        void* const piece = account.allocate(4096, 256, order);
        account.deallocate(piece, order);
        auto owned = manager.make_buffer<float>("owned", 1024, not_zeroed(), on);
        owned.reset(on);
        manager.allocate<float>(name, 1024, not_zeroed(), on);
        static_cast<void>(manager.get_buffer<float>(name));
        manager.free(name, on);
        static_cast<void>(manager.total_allocated_bytes());
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(doors)

// It would not end where all threads count in one tally, as those do that want an exact peak.
BOOST_FIXTURE_TEST_CASE(calls_go_on_while_another_thread_holds_its_own_and_the_shared_tally, OnDoors) {
    ThreadTallies& tallies = manager.core()->registry.tallies();
    use_each("of this thread", on_stream().stream());
    std::atomic<int> done{0};
    {
        const TallyLock mine(tallies.own());
        const TallyLock shared(tallies.shared());
        std::thread([&] {
            const Stream own(sim);
            for (; done < 50; ++done) use_each("of another", own.handle());
        }).join();
    }
    BOOST_TEST(done == 50);
    BOOST_TEST(manager.total_allocated_bytes() == 0U);
}

BOOST_FIXTURE_TEST_CASE(nothing_is_lost_where_threads_give_back_what_others_drew, OnDoors) {
    constexpr std::size_t threads = 4;
    std::vector<std::vector<void*>> drawn(threads);
    const auto on_each = [&](auto&& work) {
        std::vector<std::thread> all;
        for (std::size_t i = 0; i < threads; ++i) all.emplace_back([&, i] { work(i); });
        for (auto& thread : all) thread.join();
    };
    on_each([&](std::size_t i) {
        const Stream own(sim);
        for (std::size_t n = 1; n <= 200; ++n)
            drawn[i].push_back(account.allocate(n, std::size_t{1} << n % 13, StreamOrder::on(own.handle())));
        own.synchronize();
    });
    constexpr std::size_t each = 200 * 201 / 2;
    BOOST_TEST(account.drawn_bytes() == threads * each);
    BOOST_TEST(manager.total_allocated_bytes() == threads * each);
    BOOST_TEST(manager.core()->memory.total() == threads * each);
    on_each([&](std::size_t i) {
        const Stream own(sim);
        for (void* const piece : drawn[(i + 1) % threads]) account.deallocate(piece, StreamOrder::on(own.handle()));
        own.synchronize();
    });
    BOOST_TEST(account.drawn_bytes() == 0U);
    BOOST_TEST(manager.total_allocated_bytes() == 0U);
    BOOST_TEST(manager.core()->memory.total() == 0U);
    const Statistics stats = manager.stats();
    BOOST_TEST(stats.allocation_count == threads * 200);
    BOOST_TEST(stats.free_count == threads * 200);
    BOOST_TEST(stats.pool.live_bytes == 0U);
}

BOOST_FIXTURE_TEST_CASE(the_record_of_an_account_says_what_its_threads_drew, OnDoors) {
    std::vector<void*> pieces(3);
    for (std::size_t i = 0; i < pieces.size(); ++i) {
        std::thread([&] { pieces[i] = account.allocate(1000 * (i + 1), 256, StreamOrder::after_all()); }).join();
    }
    account.deallocate(pieces[2], StreamOrder::after_all());
    const auto records = manager.check_leaks(RecordFilter::all);
    BOOST_REQUIRE(records.size() == 1U);
    BOOST_TEST(records[0].bytes == 3000U);
    BOOST_TEST(records[0].peak_bytes == 6000U);
    account.deallocate(pieces[0], StreamOrder::after_all());
    account.deallocate(pieces[1], StreamOrder::after_all());
    BOOST_TEST(manager.stats().peak_allocated_bytes == 6000U);
}

// Each thread's share of a peak is of another moment: only what was held at one moment counts.
BOOST_FIXTURE_TEST_CASE(pieces_that_threads_hold_one_after_the_other_are_not_added_up, OnDoors) {
    constexpr std::size_t bytes = 2000;
    account.deallocate(account.allocate(bytes, 256, any_stream), any_stream);
    std::vector<std::thread> alive;
    std::atomic<bool> done{false};
    for (int i = 0; i < 3; ++i) {
        std::atomic<bool> was{false};
        alive.emplace_back([&] {
            account.deallocate(account.allocate(bytes, 256, any_stream), any_stream);
            was = true;
            while (!done) std::this_thread::yield();  // or the next one would take over what this has counted
        });
        while (!was) std::this_thread::yield();
    }
    void* const kept = account.allocate(bytes, 256, any_stream);
    const Statistics stats = manager.stats();
    const auto records = manager.check_leaks(RecordFilter::all);
    done = true;
    for (auto& thread : alive) thread.join();
    BOOST_TEST(stats.peak_allocated_bytes == bytes);
    BOOST_REQUIRE(records.size() == 1U);
    BOOST_TEST(records[0].peak_bytes == bytes);
    account.deallocate(kept, any_stream);
}

BOOST_FIXTURE_TEST_CASE(an_exact_peak_can_be_asked_for, OnDoors) {
    manager.set_exact_peak(true);
    std::vector<std::thread> all;
    for (int i = 0; i < 3; ++i) {
        all.emplace_back([&, i] {
            const Stream own(sim);
            for (int n = 0; n < 50; ++n) use_each("thread " + std::to_string(i), own.handle());
        });
    }
    for (auto& thread : all) thread.join();
    const Statistics stats = manager.stats();
    BOOST_TEST(stats.total_allocated_bytes == 0U);
    BOOST_TEST(stats.peak_allocated_bytes >= 4096U);
    BOOST_TEST(stats.peak_allocated_bytes <= 3 * 4096U);
    BOOST_TEST(stats.allocation_count == 3 * 50 * 3U);
    BOOST_TEST(stats.free_count == stats.allocation_count);
}

BOOST_AUTO_TEST_SUITE_END()
