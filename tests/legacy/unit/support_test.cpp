// The plain device buffer, the error handler and the guard.
#include <boost/test/unit_test.hpp>
#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "utils/cuda_error_handling.hpp"
#include "utils/device_buffer.hpp"

using utils::CudaError;
using utils::DeviceBuffer;

namespace {

bool is_invalid_value(const utils::CudaException& error) { return error.code() == CudaError::InvalidValue; }

}  // namespace

BOOST_AUTO_TEST_SUITE(support)

BOOST_AUTO_TEST_CASE(a_device_buffer_holds_what_it_was_filled_with) {
    std::vector<std::int32_t> values(7);
    DeviceBuffer<std::int32_t>::filled(7, -3).copy_to(values);
    BOOST_TEST(values == std::vector<std::int32_t>(7, -3), boost::test_tools::per_element());
    DeviceBuffer<std::int32_t>::zeroed(7).copy_to(values);
    BOOST_TEST(values == std::vector<std::int32_t>(7, 0), boost::test_tools::per_element());
    BOOST_TEST(DeviceBuffer<std::int32_t>().is_empty());
}

BOOST_AUTO_TEST_CASE(a_copy_of_another_length_is_refused) {
    auto buffer = DeviceBuffer<float>::from_slice({1.0F, 2.0F});
    std::vector<float> three(3, 9.0F);
    BOOST_CHECK_EXCEPTION(buffer.copy_from(three), utils::CudaException, is_invalid_value);
    BOOST_CHECK_EXCEPTION(buffer.copy_to(three), utils::CudaException, is_invalid_value);
    BOOST_CHECK_EXCEPTION(DeviceBuffer<float>().copy_from(three), utils::CudaException, is_invalid_value);
    std::vector<float> two(2);
    buffer.copy_to(two);
    BOOST_TEST(two[1] == 2.0F);
}

BOOST_AUTO_TEST_CASE(a_moved_from_buffer_can_be_assigned_to) {
    auto source = DeviceBuffer<float>::filled(4, 1.0F);
    const DeviceBuffer<float> target = std::move(source);
    source = DeviceBuffer<float>::zeroed(2);
    BOOST_TEST(target.len() == 4U);
    BOOST_TEST(source.len() == 2U);
}

BOOST_AUTO_TEST_CASE(a_handler_without_errors_has_no_count_and_no_time) {
    const auto handler = utils::get_global_cuda_error_handler();
    BOOST_TEST(handler.get() == utils::get_global_cuda_error_handler().get());
    handler->check_error("nothing");
    handler->synchronize_device("nothing");
    const auto [count, since] = handler->get_error_stats();
    BOOST_TEST(count == 0U);
    BOOST_TEST(!since.has_value());
    BOOST_TEST(!handler->should_fallback_to_cpu());
}

BOOST_AUTO_TEST_CASE(a_guard_copies_up_to_its_size_from_its_front) {
    const utils::CudaMemoryGuard guard(8, "guard", utils::get_global_cuda_error_handler());
    BOOST_TEST(guard.size() == 8U);
    guard.copy_from_host("12345678", 8);
    guard.copy_from_host("ab", 2);
    std::string copy(4, ' ');
    guard.copy_to_host(&copy[0], 4);
    BOOST_TEST(copy == "ab34");
    BOOST_CHECK_EXCEPTION(guard.copy_from_host("123456789", 9), utils::CudaException, is_invalid_value);
}

BOOST_AUTO_TEST_CASE(every_error_code_has_a_text_of_its_own) {
    std::set<std::string> texts;
    const std::vector<CudaError> codes{CudaError::Success,
                                       CudaError::InvalidValue,
                                       CudaError::OutOfMemory,
                                       CudaError::NotInitialized,
                                       CudaError::DeInitialized,
                                       CudaError::InvalidConfiguration,
                                       CudaError::InvalidHostPointer,
                                       CudaError::InvalidDevicePointer,
                                       CudaError::InvalidMemcpyDirection,
                                       CudaError::InvalidResourceHandle,
                                       CudaError::NotReady,
                                       CudaError::NoDevice,
                                       CudaError::InvalidContext,
                                       CudaError::LaunchFailure,
                                       CudaError::Unknown};
    for (const CudaError code : codes) {
        texts.insert(utils::to_string(code));
    }
    BOOST_TEST(texts.size() == codes.size());
    BOOST_TEST(!std::string(utils::to_string(static_cast<CudaError>(4321))).empty());
}

BOOST_AUTO_TEST_SUITE_END()
