// Module 1: tracked buffers, leaks and usage.
#include <boost/test/unit_test.hpp>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "captured_log.hpp"
#include "gpu/dynamic_buffer_manager.hpp"
#include "utils/gpu_memory.hpp"
#include "utils/unified_gpu_compute.hpp"
#include "watched_device.hpp"

using utils::check_gpu_memory_leaks;
using utils::create_managed_buffer;
using utils::create_managed_buffer_from_slice;
using utils::get_gpu_memory_usage;
using utils::ManagedDeviceBuffer;

namespace {

// The tracker is global and may have drifted before, so tests look at differences.
std::size_t total() { return get_gpu_memory_usage().first; }

struct Pair {
    std::int32_t first = 7;
    std::int32_t second = -1;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(managed_buffer)

BOOST_AUTO_TEST_CASE(a_new_buffer_holds_value_initialised_elements) {
    const auto buffer = create_managed_buffer<Pair>(1001, "pairs");
    std::vector<Pair> values(1001, Pair{0, 0});
    buffer.as_device_buffer().copy_to(values);
    for (const Pair& value : values) {
        BOOST_REQUIRE_EQUAL(value.first, 7);
        BOOST_REQUIRE_EQUAL(value.second, -1);
    }
    BOOST_TEST(buffer.size_bytes() == 8008U);
    BOOST_TEST(buffer.name() == "pairs");
}

BOOST_AUTO_TEST_CASE(the_initial_elements_are_made_on_the_host_and_uploaded) {
    WatchedDevice device;
    const auto buffer = create_managed_buffer<float>(1000, "uploaded");
    BOOST_TEST(device.bytes("upload") == 4000U);
    BOOST_TEST(device.calls("zero") == 0);
}

BOOST_AUTO_TEST_CASE(a_buffer_from_a_slice_holds_its_values) {
    const std::vector<double> source{1.5, -2.0, 3.25};
    const auto buffer = create_managed_buffer_from_slice(source, "slice");
    std::vector<double> values(3);
    buffer.as_device_buffer().copy_to(values);
    BOOST_TEST(values == source, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(an_empty_buffer_is_tracked_with_its_0_bytes) {
    const auto buffer = create_managed_buffer<float>(0, "empty");
    BOOST_TEST(buffer.as_device_buffer().is_empty());
    const auto usage = get_gpu_memory_usage().second;
    BOOST_REQUIRE(usage.count("empty") == 1U);
    BOOST_TEST(usage.at("empty") == 0U);
}

BOOST_AUTO_TEST_CASE(usage_and_leaks_name_live_buffers_until_they_die) {
    const std::size_t before = total();
    {
        const auto buffer = create_managed_buffer<float>(100, "alive");
        BOOST_TEST(total() == before + 400U);
        BOOST_TEST(get_gpu_memory_usage().second.at("alive") == 400U);
        BOOST_TEST(check_gpu_memory_leaks() == std::vector<std::string>{"alive"}, boost::test_tools::per_element());
    }
    BOOST_TEST(total() == before);
    BOOST_TEST(check_gpu_memory_leaks().empty());
}

BOOST_AUTO_TEST_CASE(the_tracker_believes_the_size_that_it_was_told) {
    const std::size_t before = total();
    const ManagedDeviceBuffer<float> told(utils::DeviceBuffer<float>::zeroed(1), "told", 500);
    BOOST_TEST(total() == before + 2000U);
    BOOST_TEST(get_gpu_memory_usage().second.at("told") == 2000U);
    BOOST_TEST(told.size_bytes() == 2000U);
}

BOOST_AUTO_TEST_CASE(the_tracker_knows_nothing_of_other_modules_guards_and_plain_buffers) {
    const auto before = get_gpu_memory_usage();
    gpu::DynamicBufferManager buffers(nullptr);
    buffers.get_or_create_buffer("dynamic", {}).ensure_capacity(1);
    const utils::UnifiedGPUCompute graph(3, 3);
    const utils::CudaMemoryGuard guard(64, "guard", nullptr);
    const auto plain = utils::DeviceBuffer<float>::zeroed(64);
    BOOST_TEST((get_gpu_memory_usage() == before));
}

BOOST_AUTO_TEST_CASE(a_leak_is_logged_as_an_error_with_its_name_and_bytes) {
    const CapturedLog log;
    const auto buffer = create_managed_buffer<float>(1250, "leaking");
    BOOST_TEST(!log.has("leaking"));
    check_gpu_memory_leaks();
    BOOST_TEST(log.has("[ERROR]"));
    BOOST_TEST(log.has("'leaking'"));
    BOOST_TEST(log.has("5000"));
}

BOOST_AUTO_TEST_CASE(a_duplicate_name_makes_the_total_drift_for_ever) {
    const std::size_t before = total();
    auto first = std::make_unique<ManagedDeviceBuffer<float>>(create_managed_buffer<float>(25, "twin"));
    auto second = std::make_unique<ManagedDeviceBuffer<float>>(create_managed_buffer<float>(50, "twin"));
    BOOST_TEST(total() == before + 300U);
    BOOST_TEST(get_gpu_memory_usage().second.at("twin") == 200U);  // the last one's

    first.reset();  // takes the entry, and with it the other's size
    BOOST_TEST(total() == before + 100U);
    BOOST_TEST(check_gpu_memory_leaks().empty());

    const CapturedLog log;
    second.reset();  // untracked by now
    BOOST_TEST(total() == before + 100U);
    BOOST_TEST(log.has("untracked GPU buffer 'twin'"));
}

BOOST_AUTO_TEST_CASE(a_moved_from_buffer_is_not_tracked) {
    const std::size_t before = total();
    auto source = create_managed_buffer<float>(10, "moved");
    std::optional<ManagedDeviceBuffer<float>> target(std::move(source));
    BOOST_TEST(total() == before + 40U);
    target.reset();
    BOOST_TEST(total() == before);
}

BOOST_AUTO_TEST_CASE(assignment_ends_the_tracking_of_what_was_there) {
    const std::size_t before = total();
    auto buffer = create_managed_buffer<float>(10, "old");
    buffer = create_managed_buffer<float>(20, "new");
    BOOST_TEST(buffer.name() == "new");
    BOOST_TEST(total() == before + 80U);
    BOOST_TEST(get_gpu_memory_usage().second.count("old") == 0U);
}

BOOST_AUTO_TEST_CASE(a_buffer_that_cannot_be_made_is_not_tracked) {
    const std::size_t before = total();
    const auto is_out_of_memory = [](const utils::CudaException& error) {
        return error.code() == utils::CudaError::OutOfMemory;
    };
    constexpr std::size_t most = std::numeric_limits<std::size_t>::max();
    BOOST_CHECK_EXCEPTION(create_managed_buffer<double>(most, "product"), utils::CudaException, is_out_of_memory);
    BOOST_CHECK_EXCEPTION(create_managed_buffer<double>(most / 16, "memory"), utils::CudaException, is_out_of_memory);
    BOOST_TEST(total() == before);
}

BOOST_AUTO_TEST_SUITE_END()
