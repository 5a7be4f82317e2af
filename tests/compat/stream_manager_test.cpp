// SPDX-License-Identifier: Apache-2.0
#include "utils/gpu_memory.hpp"

#include "facades.hpp"

#include <chrono>
#include <utility>

BOOST_FIXTURE_TEST_SUITE(stream_manager, Facades)

BOOST_AUTO_TEST_CASE(next_cycles_through_compute_memory_and_analysis) {
    utils::MultiStreamManager streams;
    for (int round = 0; round < 2; ++round) {
        BOOST_TEST(&streams.get_next_stream() == &streams.get_compute_stream());
        BOOST_TEST(&streams.get_next_stream() == &streams.get_memory_stream());
        BOOST_TEST(&streams.get_next_stream() == &streams.get_analysis_stream());
    }
    BOOST_TEST(streams.get_compute_stream().handle() != streams.get_memory_stream().handle());
}

BOOST_AUTO_TEST_CASE(synchronize_all_waits_for_all_three) {
    const utils::MultiStreamManager streams;
    const utils::CudaMemoryGuard guard(3, "guard", nullptr);
    auto* const bytes = static_cast<unsigned char*>(guard.as_ptr());
    BOOST_TEST(device.fill(bytes, 1, 1, 1, streams.get_compute_stream().handle()).ok());
    BOOST_TEST(device.fill(bytes + 1, 2, 1, 1, streams.get_memory_stream().handle()).ok());
    BOOST_TEST(device.fill(bytes + 2, 3, 1, 1, streams.get_analysis_stream().handle()).ok());
    streams.synchronize_all();
    BOOST_TEST((bytes[0] == 1 && bytes[1] == 2 && bytes[2] == 3));
}

BOOST_AUTO_TEST_CASE(synchronize_async_returns_at_once_and_asks_the_device_once_a_stream) {
    auto streams = std::make_unique<utils::MultiStreamManager>();
    const utils::CudaMemoryGuard guard(1, "guard", nullptr);
    device.hold_streams();
    BOOST_TEST(device.fill(guard.as_ptr(), 1, 1, 1, streams->get_analysis_stream().handle()).ok());
    const auto queries = device.calls(triune::Verb::event_query);
    std::future<void> done = streams->synchronize_async();
    BOOST_TEST((done.wait_for(std::chrono::seconds(0)) == std::future_status::timeout));
    streams.reset();  // the wait may outlive the streams
    device.release_streams();
    done.get();
    BOOST_TEST(device.calls(triune::Verb::event_query) == queries);
    BOOST_TEST(*static_cast<unsigned char*>(guard.as_ptr()) == 1);
}

BOOST_AUTO_TEST_CASE(a_failed_wait_comes_through_the_future_with_its_code) {
    const utils::MultiStreamManager streams;
    device.fail(triune::Verb::event_synchronize, 1, 719);
    std::future<void> done = streams.synchronize_async();
    BOOST_TEST(code_of([&] { done.get(); }) == utils::CudaError::LaunchFailure);
}

BOOST_AUTO_TEST_CASE(streams_that_cannot_be_made_throw_and_leave_nothing) {
    const auto alive = device.ledger().streams;
    device.fail(triune::Verb::stream_create, 2, 2);
    BOOST_TEST(code_of([] { utils::MultiStreamManager(); }) == utils::CudaError::OutOfMemory);
    BOOST_TEST(device.ledger().streams == alive);
    utils::MultiStreamManager first;
    utils::MultiStreamManager second(std::move(first));
    first = std::move(second);
    first.synchronize_all();
}

BOOST_AUTO_TEST_SUITE_END()
