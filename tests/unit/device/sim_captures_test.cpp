// SPDX-License-Identifier: Apache-2.0
// Graph captures on the simulated device: what harms them there harms them on CUDA (docs/measurements).
#include <chrono>
#include <cstdint>
#include <thread>

#include "../balanced_sim.hpp"
#include <triune/device/event.hpp>

using namespace triune;

namespace {

struct OnCapture : BalancedSim {
    Stream captured{sim};
    Stream other{sim};

    // Whether a capture survives `call`.
    template <typename Call>
    bool survives(Call&& call) {
        sim.begin_capture(captured.handle());
        call();
        return sim.end_capture(captured.handle());
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(sim_captures, OnCapture)

BOOST_AUTO_TEST_CASE(what_cuda_forbids_while_a_stream_captures_loses_the_graph) {
    const Event event(sim);
    std::uint64_t id = 0;
    bool idle = false;
    int error = 0;
    BOOST_TEST(!survives([&] { error = sim.event_record_device(event.handle()).cuda_error; }));
    BOOST_TEST(error == cuda_error::stream_capture_unsupported);
    BOOST_TEST(!survives([&] { error = sim.stream_id(captured.handle(), id).cuda_error; }));
    BOOST_TEST(error == cuda_error::stream_capture_unsupported);
    BOOST_TEST(!survives([&] { error = sim.stream_query(captured.handle(), idle).cuda_error; }));
    BOOST_TEST(error == cuda_error::stream_capture_unsupported);
    BOOST_TEST(!survives([&] { error = sim.stream_synchronize(captured.handle()).cuda_error; }));
    BOOST_TEST(error == cuda_error::stream_capture_unsupported);
}

BOOST_AUTO_TEST_CASE(waiting_for_the_device_and_asking_for_the_state_of_a_stream_harm_no_graph) {
    StreamState state;
    bool complete = false;
    BOOST_TEST(survives([&] {
        BOOST_TEST(sim.synchronize().ok());
        BOOST_TEST(sim.synchronize_within(std::chrono::seconds(1), complete).ok());
        BOOST_TEST(sim.stream_state(captured.handle(), state).ok());
    }));
    BOOST_TEST(complete);
    BOOST_TEST(state.capturing);
    BOOST_TEST(sim.stream_state(captured.handle(), state).ok());
    BOOST_TEST(!state.capturing);
    BOOST_TEST(state.of_this_device);
}

BOOST_AUTO_TEST_CASE(work_on_other_streams_goes_on_and_captured_work_does_not_run) {
    int ran = 0;
    const auto count = [](void* runs) { ++*static_cast<int*>(runs); };
    BOOST_TEST(survives([&] {
        BOOST_TEST(sim.stream_call(captured.handle(), count, &ran).ok());
        BOOST_TEST(sim.stream_call(other.handle(), count, &ran).ok());
        other.synchronize();
    }));
    BOOST_TEST(sim.synchronize().ok());
    BOOST_TEST(ran == 1);
}

BOOST_AUTO_TEST_CASE(an_event_that_went_into_a_graph_cannot_be_asked) {
    Event event(sim);
    BOOST_TEST(survives([&] { event.record(captured.handle()); }));
    bool complete = false;
    BOOST_TEST(sim.event_query(event.handle(), complete).cuda_error == cuda_error::captured_event);
    event.record(other.handle());
    BOOST_TEST(sim.event_synchronize(event.handle()).ok());
}

BOOST_AUTO_TEST_CASE(a_wait_with_an_end_ends) {
    Event event(sim);
    bool complete = true;
    {
        const Held held(sim);
        BOOST_TEST(sim.stream_call(other.handle(), [](void*) {}, nullptr).ok());
        event.record(other.handle());
        BOOST_TEST(sim.event_wait(event.handle(), std::chrono::milliseconds(1), complete).ok());
        BOOST_TEST(!complete);
        complete = true;
        BOOST_TEST(sim.synchronize_within(std::chrono::milliseconds(1), complete).ok());
        BOOST_TEST(!complete);
    }
    BOOST_TEST(sim.event_wait(event.handle(), std::chrono::hours(1), complete).ok());
    BOOST_TEST(complete);
}

BOOST_AUTO_TEST_CASE(the_legacy_stream_is_one_and_each_thread_has_one_of_its_own) {
    const auto id_of = [&](StreamHandle stream) {
        std::uint64_t id = 0;
        BOOST_TEST(sim.stream_id(stream, id).ok());
        return id;
    };
    BOOST_TEST(id_of(nullptr) == id_of(legacy_stream));
    const std::uint64_t here = id_of(per_thread_stream);
    BOOST_TEST(here != id_of(legacy_stream));
    BOOST_TEST(here == id_of(per_thread_stream));
    std::uint64_t there = 0;
    std::thread([&] { static_cast<void>(sim.stream_id(per_thread_stream, there)); }).join();
    BOOST_TEST(there != 0U);
    BOOST_TEST(there != here);
}

BOOST_AUTO_TEST_SUITE_END()
