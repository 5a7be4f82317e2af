// SPDX-License-Identifier: Apache-2.0
#include <triune/device/stream.hpp>

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <utility>

#include <triune/base/error.hpp>
#include <triune/device/sim/sim_device.hpp>

using triune::Stream;
using triune::Verb;

namespace {

void set_flag(void* flag) { static_cast<std::atomic<bool>*>(flag)->store(true); }

struct OnSim {
    triune::sim::SimDevice device;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(stream, OnSim)

BOOST_AUTO_TEST_CASE(a_stream_is_given_back_at_scope_end) {
    {
        const Stream stream(device);
        BOOST_TEST(stream.handle() != nullptr);
        BOOST_TEST(device.ledger().streams == 1U);
    }
    BOOST_TEST(device.ledger().streams == 0U);
    BOOST_TEST(device.misuse().empty());
}

BOOST_AUTO_TEST_CASE(a_moved_from_stream_has_no_handle_and_refuses_every_question) {
    Stream first(device);
    const triune::StreamHandle handle = first.handle();
    const Stream second(std::move(first));
    BOOST_TEST(second.handle() == handle);
    BOOST_TEST(first.handle() == nullptr);  // NOLINT(bugprone-use-after-move): what is tested
    BOOST_CHECK_THROW(first.synchronize(), triune::invalid_argument);
    BOOST_CHECK_THROW(first.query(), triune::invalid_argument);
    BOOST_TEST(device.ledger().streams == 1U);
}

BOOST_AUTO_TEST_CASE(assigning_gives_back_the_former_stream_and_revives_a_moved_from_one) {
    Stream first(device);
    Stream second(device);
    const triune::StreamHandle kept = second.handle();
    first = std::move(second);
    BOOST_TEST(first.handle() == kept);
    BOOST_TEST(device.ledger().streams == 1U);
    second = Stream(device);
    BOOST_CHECK_NO_THROW(second.synchronize());
    BOOST_TEST(device.ledger().streams == 2U);
}

BOOST_AUTO_TEST_CASE(assigning_a_stream_to_itself_keeps_it) {
    Stream stream(device);
    Stream& same = stream;
    stream = std::move(same);
    BOOST_TEST(stream.handle() != nullptr);
    BOOST_CHECK_NO_THROW(stream.synchronize());
}

BOOST_AUTO_TEST_CASE(query_and_synchronize_follow_the_queued_work) {
    const Stream stream(device);
    std::atomic<bool> ran{false};
    device.hold_streams();
    BOOST_REQUIRE(device.stream_call(stream.handle(), set_flag, &ran).ok());
    BOOST_TEST(!stream.query());
    BOOST_TEST(!ran.load());
    device.release_streams();
    stream.synchronize();
    BOOST_TEST(ran.load());
    BOOST_TEST(stream.query());
}

BOOST_AUTO_TEST_CASE(destruction_lets_queued_work_run_on) {
    std::atomic<bool> ran{false};
    device.hold_streams();
    {
        const Stream stream(device);
        BOOST_REQUIRE(device.stream_call(stream.handle(), set_flag, &ran).ok());
    }
    BOOST_TEST(!ran.load());
    device.release_streams();
    BOOST_REQUIRE(device.synchronize().ok());
    BOOST_TEST(ran.load());
}

BOOST_AUTO_TEST_CASE(a_failed_creation_throws_and_leaves_nothing) {
    device.fail(Verb::stream_create, 1, triune::cuda_error::out_of_memory);
    BOOST_CHECK_THROW(Stream{device}, triune::out_of_memory);
    BOOST_TEST(device.ledger().streams == 0U);
}

BOOST_AUTO_TEST_CASE(a_failure_of_queued_work_comes_out_of_synchronize) {
    const Stream stream(device);
    device.fail(Verb::stream_synchronize, 1, triune::cuda_error::illegal_address);
    BOOST_CHECK_EXCEPTION(stream.synchronize(), triune::device_error, [](const triune::Error& error) {
        return error.cuda_error() == triune::cuda_error::illegal_address;
    });
    device.fail(Verb::stream_query, 1, triune::cuda_error::illegal_address);
    BOOST_CHECK_THROW(stream.query(), triune::device_error);
}

BOOST_AUTO_TEST_CASE(a_failed_destruction_is_counted_and_not_thrown) {
    const auto before = triune::teardown_failures();
    triune::StreamHandle handle = nullptr;
    {
        const Stream stream(device);
        handle = stream.handle();
        device.fail(Verb::stream_destroy, 1, triune::cuda_error::unknown);
    }
    BOOST_TEST(triune::teardown_failures() == before + 1);
    BOOST_TEST(device.stream_destroy(handle).ok());  // the verb failed, so the stream is still there
}

BOOST_AUTO_TEST_SUITE_END()
