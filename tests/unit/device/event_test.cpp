// SPDX-License-Identifier: Apache-2.0
#include <triune/device/event.hpp>

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <utility>

#include <triune/base/error.hpp>
#include <triune/device/sim/sim_device.hpp>
#include <triune/device/stream.hpp>

using triune::Event;
using triune::Stream;
using triune::Verb;

namespace {

void set_flag(void* flag) { static_cast<std::atomic<bool>*>(flag)->store(true); }

struct OnSim {
    triune::sim::SimDevice device;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(event, OnSim)

BOOST_AUTO_TEST_CASE(an_event_is_given_back_at_scope_end) {
    {
        const Event event(device);
        BOOST_TEST(event.handle() != nullptr);
        BOOST_TEST(device.ledger().events == 1U);
    }
    BOOST_TEST(device.ledger().events == 0U);
    BOOST_TEST(device.misuse().empty());
}

BOOST_AUTO_TEST_CASE(an_event_that_was_never_recorded_is_complete) {
    const Event event(device);
    BOOST_TEST(event.query());
    BOOST_CHECK_NO_THROW(event.synchronize());
}

BOOST_AUTO_TEST_CASE(an_event_completes_after_the_work_before_it) {
    const Stream stream(device);
    Event event(device);
    std::atomic<bool> ran{false};
    device.hold_streams();
    BOOST_REQUIRE(device.stream_call(stream.handle(), set_flag, &ran).ok());
    event.record(stream.handle());
    BOOST_TEST(!event.query());
    device.release_streams();
    event.synchronize();
    BOOST_TEST(ran.load());
    BOOST_TEST(event.query());
}

BOOST_AUTO_TEST_CASE(a_device_wide_event_completes_after_the_work_of_every_stream) {
    const Stream first(device);
    const Stream second(device);
    Event event(device);
    std::atomic<bool> first_ran{false};
    std::atomic<bool> second_ran{false};
    device.hold_streams();
    BOOST_REQUIRE(device.stream_call(first.handle(), set_flag, &first_ran).ok());
    BOOST_REQUIRE(device.stream_call(second.handle(), set_flag, &second_ran).ok());
    event.record_device();
    BOOST_TEST(!event.query());
    device.release_streams();
    event.synchronize();
    BOOST_TEST(first_ran.load());
    BOOST_TEST(second_ran.load());
}

BOOST_AUTO_TEST_CASE(an_event_outlives_the_stream_that_it_was_recorded_on) {
    Event event(device);
    std::atomic<bool> ran{false};
    device.hold_streams();
    {
        const Stream stream(device);
        BOOST_REQUIRE(device.stream_call(stream.handle(), set_flag, &ran).ok());
        event.record(stream.handle());
    }
    BOOST_TEST(!event.query());
    device.release_streams();
    event.synchronize();
    BOOST_TEST(ran.load());
}

BOOST_AUTO_TEST_CASE(a_moved_from_event_has_no_handle_and_refuses_every_call) {
    Event first(device);
    const Event second(std::move(first));
    BOOST_TEST(first.handle() == nullptr);  // NOLINT(bugprone-use-after-move): what is tested
    BOOST_CHECK_THROW(first.record(nullptr), triune::invalid_argument);
    BOOST_CHECK_THROW(first.record_device(), triune::invalid_argument);
    BOOST_CHECK_THROW(first.query(), triune::invalid_argument);
    BOOST_CHECK_THROW(first.synchronize(), triune::invalid_argument);
    BOOST_TEST(second.handle() != nullptr);
    BOOST_TEST(device.ledger().events == 1U);
    first = Event(device);
    BOOST_TEST(first.query());
}

BOOST_AUTO_TEST_CASE(assigning_gives_back_the_former_event) {
    Event first(device);
    Event second(device);
    const triune::EventHandle kept = second.handle();
    first = std::move(second);
    BOOST_TEST(first.handle() == kept);
    BOOST_TEST(device.ledger().events == 1U);
}

BOOST_AUTO_TEST_CASE(failures_of_the_device_are_thrown_with_their_number) {
    const auto number = [](const triune::Error& error) { return error.cuda_error() == 700; };
    device.fail(Verb::event_create, 1, 700);
    BOOST_CHECK_EXCEPTION(Event{device}, triune::device_error, number);
    BOOST_TEST(device.ledger().events == 0U);

    const Stream stream(device);
    Event event(device);
    device.fail(Verb::event_record, 1, 700);
    BOOST_CHECK_EXCEPTION(event.record(stream.handle()), triune::device_error, number);
    device.fail(Verb::event_record_device, 1, 700);
    BOOST_CHECK_EXCEPTION(event.record_device(), triune::device_error, number);
    device.fail(Verb::event_query, 1, 700);
    BOOST_CHECK_EXCEPTION(event.query(), triune::device_error, number);
    device.fail(Verb::event_synchronize, 1, 700);
    BOOST_CHECK_EXCEPTION(event.synchronize(), triune::device_error, number);
}

BOOST_AUTO_TEST_CASE(a_failed_destruction_is_counted_and_not_thrown) {
    const auto before = triune::teardown_failures();
    triune::EventHandle handle = nullptr;
    {
        const Event event(device);
        handle = event.handle();
        device.fail(Verb::event_destroy, 1, triune::cuda_error::unknown);
    }
    BOOST_TEST(triune::teardown_failures() == before + 1);
    BOOST_TEST(device.event_destroy(handle).ok());
}

BOOST_AUTO_TEST_SUITE_END()
