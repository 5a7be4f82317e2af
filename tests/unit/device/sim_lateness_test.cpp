// SPDX-License-Identifier: Apache-2.0
// When work on the simulated device begins: late, in order, and not while it is held.
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <thread>
#include <vector>

#include "on_sim.hpp"

using triune::sim::OnSim;
using triune::sim::SimDevice;

namespace {

void count_one(void* counter) { ++*static_cast<std::atomic<int>*>(counter); }

// Work nobody waits for does not begin within any test's life.
struct OnVeryLateSim {
    SimDevice device{{.lateness_seconds = 3600}};
    std::atomic<int> count{0};

    triune::StreamHandle stream() {
        triune::StreamHandle made = nullptr;
        BOOST_TEST_REQUIRE(device.stream_create(made).ok());
        return made;
    }
    void call(triune::StreamHandle on) { BOOST_TEST_REQUIRE(device.stream_call(on, count_one, &count).ok()); }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(sim_lateness)

BOOST_FIXTURE_TEST_CASE(work_begins_no_sooner_than_somebody_waits_for_it, OnVeryLateSim) {
    const auto waited_for = stream();
    const auto other = stream();
    call(waited_for);
    call(other);
    BOOST_TEST(count == 0);
    BOOST_TEST(device.stream_synchronize(waited_for).ok());
    BOOST_TEST(count == 1);
    BOOST_TEST(device.synchronize().ok());
    BOOST_TEST(count == 2);
}

BOOST_FIXTURE_TEST_CASE(waiting_reaches_through_events, OnVeryLateSim) {
    const auto first = stream();
    const auto second = stream();
    triune::EventHandle event = nullptr;
    BOOST_TEST(device.event_create(event).ok());
    call(first);
    BOOST_TEST(device.event_record(event, first).ok());
    call(first);  // behind the event: nobody waits for it
    BOOST_TEST(device.stream_wait(second, event).ok());
    call(second);
    BOOST_TEST(device.stream_synchronize(second).ok());
    BOOST_TEST(count == 2);
    BOOST_TEST(device.event_destroy(event).ok());
}

BOOST_FIXTURE_TEST_CASE(a_query_does_not_hurry_anybody, OnVeryLateSim) {
    const auto asked = stream();
    call(asked);
    for (int i = 0; i < 100; ++i) {
        bool idle = true;
        BOOST_TEST(device.stream_query(asked, idle).ok());
        BOOST_TEST(!idle);
    }
    BOOST_TEST(count == 0);
}

BOOST_FIXTURE_TEST_CASE(a_device_that_ends_drops_what_has_not_begun, OnVeryLateSim) {
    {
        SimDevice brief({.lateness_seconds = 3600});
        BOOST_TEST(brief.stream_call(nullptr, count_one, &count).ok());
        triune::StreamHandle destroyed = nullptr;
        BOOST_TEST(brief.stream_create(destroyed).ok());
        BOOST_TEST(brief.stream_call(destroyed, count_one, &count).ok());
        BOOST_TEST(brief.stream_destroy(destroyed).ok());
    }
    BOOST_TEST(count == 0);
}

BOOST_FIXTURE_TEST_CASE(a_device_event_captures_streams_that_were_destroyed_with_work, OnVeryLateSim) {
    triune::EventHandle event = nullptr;
    BOOST_TEST(device.event_create(event).ok());
    const auto destroyed = stream();
    call(destroyed);
    BOOST_TEST(device.stream_destroy(destroyed).ok());
    BOOST_TEST(device.event_record_device(event).ok());
    bool complete = true;
    BOOST_TEST(device.event_query(event, complete).ok());
    BOOST_TEST(!complete);
    BOOST_TEST(device.event_synchronize(event).ok());
    BOOST_TEST(count == 1);
}

BOOST_FIXTURE_TEST_CASE(held_streams_wait_for_the_last_release, OnSim) {
    std::atomic<int> count{0};
    device.hold_streams();
    device.hold_streams();
    BOOST_TEST(device.stream_call(nullptr, count_one, &count).ok());
    bool waited = false;  // checked by this thread: the framework's own checks are no thread's but its own
    std::thread waiting([&] { waited = device.synchronize().ok(); });
    device.release_streams();
    // Time enough, by work on another device, for what should be held to begin if it were not.
    SimDevice other;
    for (int i = 0; i < 20; ++i) {
        std::atomic<int> turns{0};
        BOOST_TEST(other.stream_call(nullptr, count_one, &turns).ok());
        bool done = false;
        while (!done) BOOST_TEST_REQUIRE(other.stream_query(nullptr, done).ok());
    }
    bool idle = true;
    BOOST_TEST(device.stream_query(nullptr, idle).ok());
    BOOST_TEST(!idle);
    BOOST_TEST(count == 0);
    device.release_streams();
    waiting.join();
    BOOST_TEST(waited);
    BOOST_TEST(count == 1);
}

BOOST_FIXTURE_TEST_CASE(many_threads_may_use_streams_and_events_at_once, OnSim) {
    std::atomic<int> count{0};
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
        threads.emplace_back([&] {
            for (int i = 0; i < 50; ++i) {
                triune::StreamHandle own = nullptr;
                triune::EventHandle event = nullptr;
                bool fine = device.stream_create(own).ok() && device.event_create(event).ok();
                fine = fine && device.stream_call(own, count_one, &count).ok() && device.event_record(event, own).ok();
                fine = fine && device.stream_wait(nullptr, event).ok() && device.event_destroy(event).ok();
                fine = fine && device.stream_destroy(own).ok();
                if (!fine) count = -1000;
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    BOOST_TEST(device.synchronize().ok());
    BOOST_TEST(count == 200);
    BOOST_TEST(device.ledger().balanced(), device.ledger().describe());
}

BOOST_AUTO_TEST_CASE(handles_come_round_again_where_asked_and_numbers_do_not) {
    SimDevice device({.reuse_handles = true});
    triune::StreamHandle first = nullptr;
    triune::StreamHandle second = nullptr;
    std::uint64_t first_number = 0;
    std::uint64_t second_number = 0;
    BOOST_TEST(device.stream_create(first).ok());
    BOOST_TEST(device.stream_id(first, first_number).ok());
    BOOST_TEST(device.stream_destroy(first).ok());
    BOOST_TEST(device.stream_create(second).ok());
    BOOST_TEST(device.stream_id(second, second_number).ok());
    BOOST_TEST(first == second);
    BOOST_TEST(first_number != second_number);
}

BOOST_AUTO_TEST_SUITE_END()
