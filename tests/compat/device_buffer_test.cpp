// SPDX-License-Identifier: Apache-2.0
#include "utils/device_buffer.hpp"

#include "facades.hpp"

#include <cstdint>
#include <thread>
#include <utility>

BOOST_FIXTURE_TEST_SUITE(device_buffer, Facades)

using utils::DeviceBuffer;

BOOST_AUTO_TEST_CASE(elements_of_every_width_are_filled) {
    struct Odd {
        unsigned char bytes[7] = {1, 2, 3, 4, 5, 6, 7};
        bool operator==(const Odd&) const = default;
    };
    const auto check = [](auto value) {
        const auto buffer = DeviceBuffer<decltype(value)>::filled(1003, value);
        std::vector<decltype(value)> read(1003);
        buffer.copy_to(read);
        return read == std::vector<decltype(value)>(1003, value);
    };
    BOOST_TEST(check(char{9}));
    BOOST_TEST(check(std::int16_t{-300}));
    BOOST_TEST(check(1.25F));
    BOOST_TEST(check(-2.5));
    BOOST_TEST(check(Odd{}));
}

BOOST_AUTO_TEST_CASE(nothing_makes_an_empty_buffer) {
    std::vector<float> none;
    for (const auto& buffer : {DeviceBuffer<float>(), DeviceBuffer<float>::zeroed(0), DeviceBuffer<float>::from_slice(none)}) {
        BOOST_TEST(buffer.is_empty());
        BOOST_TEST(buffer.as_device_ptr() == nullptr);
        buffer.copy_to(none);
    }
}

BOOST_AUTO_TEST_CASE(a_copy_of_another_length_is_invalid_and_writes_nothing) {
    auto buffer = DeviceBuffer<float>::filled(4, 1.5F);
    std::vector<float> three(3, 9.0F), four(4, 0.0F), five(5, 9.0F);
    BOOST_TEST(code_of([&] { buffer.copy_from(three); }) == utils::CudaError::InvalidValue);
    BOOST_TEST(code_of([&] { buffer.copy_from(five); }) == utils::CudaError::InvalidValue);
    BOOST_TEST(code_of([&] { buffer.copy_to(three); }) == utils::CudaError::InvalidValue);
    BOOST_TEST(three.front() == 9.0F);
    buffer.copy_to(four);
    BOOST_TEST(four == std::vector<float>(4, 1.5F), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_copy_waits_for_work_queued_on_any_stream) {
    const utils::Stream stream;
    auto buffer = DeviceBuffer<std::int32_t>::zeroed(256);
    BOOST_TEST(device.fill(buffer.as_device_ptr(), 7, 4, 256, stream.handle()).ok());
    std::vector<std::int32_t> read(256);
    buffer.copy_to(read);
    BOOST_TEST(read == std::vector<std::int32_t>(256, 7), boost::test_tools::per_element());
}

// Held back on a stream that nothing else knows, the kernel runs after the buffer is gone and new memory was drawn.
BOOST_AUTO_TEST_CASE(memory_of_a_destroyed_buffer_serves_nothing_else_before_queued_work_is_done) {
    const utils::Stream stream;
    auto doomed = std::make_unique<DeviceBuffer<std::int32_t>>(DeviceBuffer<std::int32_t>::zeroed(64));
    std::int32_t* const there = doomed->as_device_ptr();
    auto kept = DeviceBuffer<std::int32_t>::zeroed(1);
    device.hold_streams();
    BOOST_TEST(device.fill(there, 5, 4, 64, stream.handle()).ok());
    doomed.reset();
    std::thread drawer;
    std::unique_ptr<DeviceBuffer<std::int32_t>> drawn;
    drawer = std::thread([&] { drawn = std::make_unique<DeviceBuffer<std::int32_t>>(DeviceBuffer<std::int32_t>::zeroed(64)); });
    device.release_streams();
    drawer.join();
    stream.synchronize();
    std::vector<std::int32_t> read(64, 1);
    drawn->copy_to(read);
    BOOST_TEST(read == std::vector<std::int32_t>(64, 0), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_moved_from_buffer_and_stream_can_be_assigned_to) {
    auto from = DeviceBuffer<float>::filled(3, 2.0F);
    auto to = std::move(from);
    from = DeviceBuffer<float>::filled(2, 4.0F);
    std::vector<float> read(2);
    from.copy_to(read);
    BOOST_TEST(read[1] == 4.0F);
    BOOST_TEST(to.len() == 3U);
    utils::Stream first;
    void* const handle = first.handle();
    utils::Stream second(std::move(first));
    BOOST_TEST(second.handle() == handle);
    first = utils::Stream();
    first.synchronize();
}

BOOST_AUTO_TEST_CASE(what_a_plain_buffer_draws_counts_once_in_the_total) {
    const auto one = DeviceBuffer<float>::zeroed(1000);
    BOOST_TEST(manager.total_allocated_bytes() == 4000U);
    const auto two = DeviceBuffer<double>::filled(10, 1.0);
    BOOST_TEST(manager.total_allocated_bytes() == 4080U);
}

BOOST_AUTO_TEST_SUITE_END()
