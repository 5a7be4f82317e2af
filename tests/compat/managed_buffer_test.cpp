// SPDX-License-Identifier: Apache-2.0
#include "utils/gpu_memory.hpp"

#include "facades.hpp"

#include <cstdint>
#include <utility>

BOOST_FIXTURE_TEST_SUITE(managed_buffer, Facades)

namespace {

template <typename T>
std::vector<T> contents(const utils::ManagedDeviceBuffer<T>& buffer) {
    std::vector<T> values(buffer.as_device_buffer().len());
    buffer.as_device_buffer().copy_to(values);
    return values;
}

struct Wide {
    double weight = 2.5;
    std::int64_t label = -7;
    std::int64_t mark = 3;
    bool operator==(const Wide&) const = default;
};

}  // namespace

BOOST_AUTO_TEST_CASE(a_new_buffer_holds_value_initialised_elements) {
    const auto zeros = utils::create_managed_buffer<float>(1000, "zeros");
    BOOST_TEST(contents(zeros) == std::vector<float>(1000, 0.0F), boost::test_tools::per_element());
    const auto wide = utils::create_managed_buffer<Wide>(777, "wide");
    BOOST_TEST((contents(wide) == std::vector<Wide>(777)));
    BOOST_TEST(wide.size_bytes() == 777 * sizeof(Wide));
    BOOST_TEST(wide.name() == "wide");
}

BOOST_AUTO_TEST_CASE(a_new_buffer_is_filled_on_the_device_and_uploads_nothing) {
    const auto copies = device.calls(triune::Verb::copy);
    const auto buffer = utils::create_managed_buffer<float>(100000, "filled");
    BOOST_TEST(device.calls(triune::Verb::copy) == copies);
    BOOST_TEST(contents(buffer).back() == 0.0F);
}

BOOST_AUTO_TEST_CASE(a_buffer_from_a_slice_holds_the_slice) {
    const std::vector<int> values{3, 1, 4, 1, 5};
    const auto buffer = utils::create_managed_buffer_from_slice(values, "pi");
    BOOST_TEST(contents(buffer) == values, boost::test_tools::per_element());
    BOOST_TEST(utils::get_gpu_memory_usage().second.at("pi") == 20U);
}

BOOST_AUTO_TEST_CASE(usage_is_the_sum_and_the_map_of_what_the_tracker_was_told) {
    const auto a = utils::create_managed_buffer<float>(10, "a");
    const auto empty = utils::create_managed_buffer<float>(0, "");
    const utils::ManagedDeviceBuffer<float> told(utils::DeviceBuffer<float>::zeroed(1), "told", 500);
    const auto plain = utils::DeviceBuffer<float>::zeroed(64);
    const utils::CudaMemoryGuard guard(64, "guard", nullptr);
    const auto [sum, by_name] = utils::get_gpu_memory_usage();
    BOOST_TEST(sum == 2040U);
    BOOST_TEST(by_name.size() == 3U);
    BOOST_TEST(by_name.at("a") == 40U);
    BOOST_TEST(by_name.at("") == 0U);
    BOOST_TEST(by_name.at("told") == 2000U);
}

BOOST_AUTO_TEST_CASE(two_buffers_of_one_name_are_both_tracked_and_nothing_drifts) {
    for (int round = 0; round < 3; ++round) {
        auto first = std::make_unique<utils::ManagedDeviceBuffer<char>>(utils::create_managed_buffer<char>(100, "twin"));
        auto second = std::make_unique<utils::ManagedDeviceBuffer<char>>(utils::create_managed_buffer<char>(30, "twin"));
        auto usage = utils::get_gpu_memory_usage();
        BOOST_TEST(usage.first == 130U);
        BOOST_TEST(usage.second.at("twin") == 130U);
        BOOST_TEST(utils::check_gpu_memory_leaks() == (std::vector<std::string>{"twin", "twin"}),
                   boost::test_tools::per_element());
        first.reset();
        usage = utils::get_gpu_memory_usage();
        BOOST_TEST(usage.first == 30U);
        BOOST_TEST(usage.second.at("twin") == 30U);
        second.reset();
        BOOST_TEST(utils::get_gpu_memory_usage().first == 0U);
        BOOST_TEST(utils::get_gpu_memory_usage().second.empty());
    }
    BOOST_TEST(!logged("untracked"));
}

BOOST_AUTO_TEST_CASE(leaks_are_named_and_logged_as_errors_with_their_bytes) {
    BOOST_TEST(utils::check_gpu_memory_leaks().empty());
    BOOST_TEST(lines() == 0U);
    const auto kept = utils::create_managed_buffer<double>(1250, "kept");
    BOOST_TEST(utils::check_gpu_memory_leaks() == std::vector<std::string>{"kept"}, boost::test_tools::per_element());
    BOOST_TEST(lines() == 1U);
    BOOST_TEST(logged("[error]"));
    BOOST_TEST(logged("'kept'"));
    BOOST_TEST(logged("10000"));
}

BOOST_AUTO_TEST_CASE(moved_from_buffers_are_not_tracked) {
    auto from = utils::create_managed_buffer<float>(10, "moving");
    auto to = std::move(from);
    BOOST_TEST(utils::check_gpu_memory_leaks().size() == 1U);
    from = utils::create_managed_buffer<float>(5, "new");
    BOOST_TEST(utils::get_gpu_memory_usage().first == 60U);
    to = std::move(from);
    BOOST_TEST(utils::get_gpu_memory_usage().second.count("moving") == 0U);
    BOOST_TEST(utils::get_gpu_memory_usage().first == 20U);
}

BOOST_AUTO_TEST_CASE(a_buffer_that_cannot_be_made_leaves_no_trace) {
    device.fail(triune::Verb::fill, 1, 719);
    BOOST_TEST(code_of([] { utils::create_managed_buffer<float>(10, "x"); }) == utils::CudaError::LaunchFailure);
    BOOST_TEST(code_of([] { utils::create_managed_buffer<float>(std::size_t{1} << 40, "x"); }) ==
               utils::CudaError::OutOfMemory);
    BOOST_TEST(code_of([] { utils::create_managed_buffer<float>(~std::size_t{0}, "x"); }) ==
               utils::CudaError::OutOfMemory);
    BOOST_TEST(utils::check_gpu_memory_leaks().empty());
    utils::get_global_cuda_error_handler()->check_error("after the failures");
}

BOOST_AUTO_TEST_SUITE_END()
