// SPDX-License-Identifier: Apache-2.0
#include "utils/cuda_error_handling.hpp"

#include "facades.hpp"

#include <set>

BOOST_FIXTURE_TEST_SUITE(error_handling, Facades)

using triune::Verb;
using utils::CudaError;

BOOST_AUTO_TEST_CASE(each_code_has_a_text_of_its_own_and_any_other_value_some_text) {
    std::set<std::string> texts;
    const int codes[] = {0, 1, 2, 3, 4, 9, 16, 17, 21, 33, 34, 38, 54, 719, 999};
    for (const int code : codes) texts.insert(utils::to_string(static_cast<CudaError>(code)));
    BOOST_TEST(texts.size() == std::size(codes));
    BOOST_TEST(std::string(utils::to_string(static_cast<CudaError>(12345))).size() > 0U);
}

BOOST_AUTO_TEST_CASE(a_handler_counts_the_errors_that_its_two_checks_find) {
    utils::CudaErrorHandler handler;
    BOOST_TEST(handler.get_error_stats().first == 0U);
    BOOST_TEST(!handler.get_error_stats().second.has_value());
    handler.check_error("fine");
    handler.synchronize_device("fine");
    BOOST_TEST(!handler.should_fallback_to_cpu());
    device.fail(Verb::last_error, 1, 719);
    BOOST_TEST(code_of([&] { handler.check_error("launch"); }) == CudaError::LaunchFailure);
    device.fail(Verb::synchronize, 1, 2);
    BOOST_TEST(code_of([&] { handler.synchronize_device("wait"); }) == CudaError::OutOfMemory);
    BOOST_TEST(handler.get_error_stats().first == 2U);
    BOOST_TEST(handler.get_error_stats().second.has_value());
    BOOST_TEST(handler.should_fallback_to_cpu());
    BOOST_TEST(logged("launch"));
    handler.reset_stats();
    BOOST_TEST(handler.get_error_stats().first == 0U);
    BOOST_TEST(!handler.get_error_stats().second.has_value());
    BOOST_TEST(!handler.should_fallback_to_cpu());
}

BOOST_AUTO_TEST_CASE(queued_work_that_failed_is_found_once_by_whoever_asks_first) {
    utils::CudaErrorHandler handler;
    const std::size_t granule = device.properties().chunk_granularity;
    triune::StreamHandle stream = nullptr;
    void* address = nullptr;
    triune::ChunkHandle chunk = 0;
    BOOST_TEST_REQUIRE(device.stream_create(stream).ok());
    BOOST_TEST_REQUIRE(device.address_reserve(address, granule).ok());
    BOOST_TEST_REQUIRE(device.chunk_create(chunk, granule).ok());
    BOOST_TEST_REQUIRE(device.map(address, chunk, granule).ok());
    BOOST_TEST_REQUIRE(device.set_access(address, granule).ok());
    device.hold_streams();
    BOOST_TEST_REQUIRE(device.fill(address, 1, 1, 64, stream).ok());
    BOOST_TEST_REQUIRE(device.unmap(address, granule).ok());  // before the fill ran: its own mistake
    handler.check_error("nothing has failed yet");
    device.release_streams();
    for (bool idle = false; !idle;) BOOST_TEST_REQUIRE(device.stream_query(stream, idle).ok());
    BOOST_TEST(code_of([&] { handler.check_error("the fill"); }) != CudaError::Success);
    handler.check_error("told already");
    handler.synchronize_device("told already");
    BOOST_TEST(handler.get_error_stats().first == 1U);
    BOOST_TEST(device.chunk_release(chunk).ok());
    BOOST_TEST(device.address_release(address, granule).ok());
    BOOST_TEST(device.stream_destroy(stream).ok());
    misuses = device.misuse().size();
}

BOOST_AUTO_TEST_CASE(a_failure_that_was_thrown_is_not_met_again) {
    utils::CudaErrorHandler handler;
    device.fail(Verb::copy, 1, 1);
    const utils::CudaMemoryGuard guard(8, "guard", nullptr);
    char bytes[8] = {};
    BOOST_TEST(code_of([&] { guard.copy_from_host(bytes, 8); }) == CudaError::InvalidValue);
    handler.check_error("after");
    handler.synchronize_device("after");
    guard.copy_from_host(bytes, 8);
}

BOOST_AUTO_TEST_CASE(every_call_finds_the_same_global_handler) {
    BOOST_TEST(utils::get_global_cuda_error_handler().get() == utils::get_global_cuda_error_handler().get());
    BOOST_TEST(utils::get_global_cuda_error_handler().get() != nullptr);
}

BOOST_AUTO_TEST_CASE(device_errors_keep_their_code) {
    const auto code = [&](int number) {
        device.fail(Verb::last_error, 1, number);
        return code_of([] { utils::CudaErrorHandler().check_error("x"); });
    };
    BOOST_TEST(code(400) == CudaError::InvalidResourceHandle);
    BOOST_TEST(code(600) == CudaError::NotReady);
    BOOST_TEST(code(100) == CudaError::NoDevice);
    BOOST_TEST(code(999) == CudaError::Unknown);
    BOOST_TEST(static_cast<int>(code(700)) == 700);
}

BOOST_AUTO_TEST_CASE(a_guard_copies_any_length_up_to_its_size_from_its_front) {
    const utils::CudaMemoryGuard guard(6, "guard", utils::get_global_cuda_error_handler());
    BOOST_TEST(guard.size() == 6U);
    guard.copy_from_host("abcdef", 6);
    guard.copy_from_host("XY", 2);
    guard.copy_from_host(nullptr, 0);
    std::string read(4, '.');
    guard.copy_to_host(read.data(), 4);
    BOOST_TEST(read == "XYcd");
    std::string text;
    try {
        guard.copy_from_host("abcdefg", 7);
    } catch (const utils::CudaException& error) {
        BOOST_TEST(error.code() == CudaError::InvalidValue);
        text = error.what();
    }
    BOOST_TEST(text.find("guard") != std::string::npos);
    BOOST_TEST(code_of([&] { guard.copy_to_host(read.data(), 7); }) == CudaError::InvalidValue);
    BOOST_TEST(read == "XYcd");
    const utils::CudaMemoryGuard none(0, "", nullptr);
    BOOST_TEST(none.as_ptr() == nullptr);
}

BOOST_AUTO_TEST_CASE(a_guard_counts_in_the_total_and_is_no_leak) {
    const utils::CudaMemoryGuard guard(4096, "guard", nullptr);
    BOOST_TEST(manager.total_allocated_bytes() == 4096U);
    BOOST_TEST(manager.report_leaks().empty());
}

BOOST_AUTO_TEST_SUITE_END()
