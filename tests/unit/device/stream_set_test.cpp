// SPDX-License-Identifier: Apache-2.0
#include <triune/device/stream_set.hpp>

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <chrono>
#include <map>
#include <thread>
#include <utility>
#include <vector>

#include <triune/base/error.hpp>
#include <triune/device/sim/sim_device.hpp>

using triune::StreamSet;
using triune::Verb;

namespace {

void count_one(void* counter) { static_cast<std::atomic<int>*>(counter)->fetch_add(1); }

struct OnSim {
    triune::sim::SimDevice device;
    std::atomic<int> ran{0};

    void queue_on_all(const StreamSet& set) {
        for (const triune::Stream* stream : {&set.compute(), &set.memory(), &set.analysis()}) {
            BOOST_REQUIRE(device.stream_call(stream->handle(), count_one, &ran).ok());
        }
    }
};

bool ready(const std::future<void>& future) {
    return future.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(stream_set, OnSim)

BOOST_AUTO_TEST_CASE(a_set_owns_three_different_streams) {
    {
        const StreamSet set(device);
        BOOST_TEST(set.compute().handle() != set.memory().handle());
        BOOST_TEST(set.memory().handle() != set.analysis().handle());
        BOOST_TEST(set.analysis().handle() != set.compute().handle());
        BOOST_TEST(device.ledger().streams == 3U);
    }
    BOOST_TEST(device.ledger().streams == 0U);
}

BOOST_AUTO_TEST_CASE(next_cycles_compute_memory_analysis) {
    const StreamSet set(device);
    for (int round = 0; round < 3; ++round) {
        BOOST_TEST(&set.next() == &set.compute());
        BOOST_TEST(&set.next() == &set.memory());
        BOOST_TEST(&set.next() == &set.analysis());
    }
}

BOOST_AUTO_TEST_CASE(next_deals_out_the_streams_evenly_to_many_threads) {
    const StreamSet set(device);
    constexpr int threads = 4;
    constexpr int turns = 300;
    std::vector<std::map<const triune::Stream*, int>> dealt(threads);
    std::vector<std::thread> pool;
    for (int i = 0; i < threads; ++i) {
        pool.emplace_back([&set, &mine = dealt[static_cast<std::size_t>(i)]] {
            for (int turn = 0; turn < turns; ++turn) ++mine[&set.next()];
        });
    }
    for (std::thread& thread : pool) thread.join();
    std::map<const triune::Stream*, int> total;
    for (const auto& mine : dealt) {
        for (const auto& [stream, times] : mine) total[stream] += times;
    }
    BOOST_TEST(total[&set.compute()] == threads * turns / 3);
    BOOST_TEST(total[&set.memory()] == threads * turns / 3);
    BOOST_TEST(total[&set.analysis()] == threads * turns / 3);
}

BOOST_AUTO_TEST_CASE(synchronize_waits_for_all_three) {
    const StreamSet set(device);
    device.hold_streams();
    queue_on_all(set);
    BOOST_TEST(ran.load() == 0);
    device.release_streams();
    set.synchronize();
    BOOST_TEST(ran.load() == 3);
}

BOOST_AUTO_TEST_CASE(synchronize_async_is_ready_only_after_the_queued_work) {
    const StreamSet set(device);
    device.hold_streams();
    queue_on_all(set);
    std::future<void> done = set.synchronize_async();
    BOOST_TEST(!ready(done));
    device.release_streams();
    done.get();
    BOOST_TEST(ran.load() == 3);
}

BOOST_AUTO_TEST_CASE(a_future_outlives_its_set) {
    std::future<void> done;
    device.hold_streams();
    {
        const StreamSet set(device);
        queue_on_all(set);
        done = set.synchronize_async();
    }
    BOOST_TEST(!ready(done));
    device.release_streams();
    done.get();
    BOOST_TEST(ran.load() == 3);
    done = {};
    BOOST_TEST(device.ledger().events == 0U);
    BOOST_TEST(device.misuse().empty());
}

BOOST_AUTO_TEST_CASE(failures_come_through_the_future) {
    const StreamSet set(device);
    for (const Verb verb : {Verb::event_create, Verb::event_record, Verb::event_synchronize}) {
        device.fail(verb, 2, 700);
        std::future<void> done = set.synchronize_async();
        BOOST_CHECK_EXCEPTION(done.get(), triune::device_error,
                              [](const triune::Error& error) { return error.cuda_error() == 700; });
    }
    BOOST_TEST(device.ledger().events == 0U);
}

BOOST_AUTO_TEST_CASE(a_failed_construction_gives_back_the_streams_it_had) {
    device.fail(Verb::stream_create, 3, triune::cuda_error::out_of_memory);
    BOOST_CHECK_THROW(StreamSet{device}, triune::out_of_memory);
    BOOST_TEST(device.ledger().streams == 0U);
}

BOOST_AUTO_TEST_CASE(a_moved_from_set_refuses_to_wait_and_may_be_assigned_to) {
    StreamSet first(device);
    const triune::StreamHandle compute = first.compute().handle();
    static_cast<void>(first.next());
    const StreamSet second(std::move(first));
    BOOST_TEST(second.compute().handle() == compute);
    BOOST_TEST(&second.next() == &second.memory());   // the turn moves along
    BOOST_TEST(first.compute().handle() == nullptr);  // NOLINT(bugprone-use-after-move): what is tested
    BOOST_CHECK_THROW(first.synchronize(), triune::invalid_argument);
    BOOST_CHECK_THROW(first.synchronize_async(), triune::invalid_argument);
    first = StreamSet(device);
    BOOST_CHECK_NO_THROW(first.synchronize());
    BOOST_TEST(device.ledger().streams == 6U);
}

BOOST_AUTO_TEST_SUITE_END()
