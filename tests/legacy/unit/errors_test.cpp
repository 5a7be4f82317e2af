// Failures of the device: their codes, and what is left unchanged. The device fails one call after the other.
#include <boost/test/unit_test.hpp>
#include <limits>
#include <stdexcept>
#include <string>
#include <tuple>
#include <vector>

#include "captured_log.hpp"
#include "gpu/dynamic_buffer_manager.hpp"
#include "utils/gpu_memory.hpp"
#include "utils/unified_gpu_compute.hpp"
#include "watched_device.hpp"

using utils::CudaError;
using utils::CudaException;
using utils::UnifiedGPUCompute;
using Floats = std::vector<float>;

namespace {

constexpr int kLaunchFailure = 719;

template <typename Call>
CudaError code_of(Call&& call) {
    try {
        call();
    } catch (const CudaException& error) {
        return error.code();
    }
    return CudaError::Success;
}

// Lets each device call of `attempt` fail in turn, and looks each time whether `unchanged` holds. Answers how many did.
template <typename Attempt, typename Unchanged>
int fail_each(WatchedDevice& device, Attempt attempt, Unchanged unchanged) {
    for (int nth = 1;; ++nth) {
        device.fail(nth, kLaunchFailure);
        const bool failed = attempt();
        const bool reached = !device.failure_is_due();
        device.fail_none();
        if (!reached) return nth - 1;
        if (failed) unchanged();
    }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(errors)

BOOST_AUTO_TEST_CASE(device_failures_arrive_as_cuda_exceptions_with_their_code) {
    WatchedDevice device;
    auto buffer = utils::DeviceBuffer<float>::zeroed(3);
    Floats values(3);
    for (const int code : {1, 2, 4, 719, 700}) {
        device.fail(1, code);
        BOOST_TEST(static_cast<int>(code_of([&] { buffer.copy_from(values); })) == code);
    }
    device.fail(1, 2);
    BOOST_TEST((code_of([] { utils::Stream(); }) == CudaError::OutOfMemory));
    device.fail(1, 719);
    BOOST_TEST((code_of([] { UnifiedGPUCompute(3, 3); }) == CudaError::LaunchFailure));
    utils::get_global_cuda_error_handler()->check_error("none of them is met again");
}

BOOST_AUTO_TEST_CASE(module_2_throws_plain_runtime_errors) {
    WatchedDevice device;
    gpu::DynamicBufferManager buffers(nullptr);
    gpu::DynamicGpuBuffer& buffer = buffers.get_or_create_buffer("named", {1, 2.0F, 1 << 20, 16});
    device.fail(1, 2);
    try {
        buffer.ensure_capacity(10);
        BOOST_FAIL("nothing thrown");
    } catch (const CudaException&) {
        BOOST_FAIL("a CudaException");
    } catch (const std::runtime_error& error) {
        BOOST_TEST(std::string(error.what()).find("named") != std::string::npos);
    }
    device.fail(1, 719);
    BOOST_CHECK_THROW(buffers.resize_cell_buffers(10), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(memory_that_runs_out_is_its_own_code) {
    constexpr std::size_t most = std::numeric_limits<std::size_t>::max();
    BOOST_TEST((code_of([] { utils::DeviceBuffer<double>::zeroed(most); }) == CudaError::OutOfMemory));
    BOOST_TEST((code_of([] { utils::DeviceBuffer<double>::zeroed(most / 16); }) == CudaError::OutOfMemory));
    BOOST_TEST((code_of([] { utils::CudaMemoryGuard(most / 2, "guard", nullptr); }) == CudaError::OutOfMemory));
    BOOST_TEST((code_of([] { UnifiedGPUCompute(2, most / 16); }) == CudaError::OutOfMemory));
}

BOOST_AUTO_TEST_CASE(a_failed_growth_leaves_the_buffer_as_it_was) {
    WatchedDevice device;
    const auto attempt = [&](gpu::DynamicGpuBuffer& buffer) {
        try {
            buffer.ensure_capacity(100);
        } catch (const std::runtime_error&) {
            return true;
        }
        return false;
    };
    gpu::DynamicGpuBuffer buffer("grown", {1, 2.0F, 1 << 20, 16}, nullptr);
    buffer.ensure_capacity(16);
    buffer.set_size(4);
    write_bytes(buffer.as_ptr(), "abcd");
    const void* const there = buffer.as_ptr();
    for (int nth = 1; nth <= 2; ++nth) {
        device.fail(nth, kLaunchFailure);
        BOOST_TEST(attempt(buffer));
        BOOST_TEST(buffer.as_ptr() == there);
        BOOST_TEST(buffer.capacity_bytes() == 16U);
        BOOST_TEST(buffer.size_bytes() == 4U);
        BOOST_TEST(read_bytes(buffer.as_ptr(), 4) == "abcd");
    }
    BOOST_TEST(!attempt(buffer));
}

BOOST_AUTO_TEST_CASE(a_failed_resize_leaves_the_graph_as_it_was) {
    WatchedDevice device;
    UnifiedGPUCompute graph(4, 2);
    const Floats fours(4, 4.0F);
    graph.upload_positions(fours, fours, fours);
    const auto attempt = [&] { return code_of([&] { graph.resize_buffers(5, 3); }) != CudaError::Success; };
    const int failures = fail_each(device, attempt, [&] {
        BOOST_TEST(graph.num_nodes == 4U);
        BOOST_TEST(graph.num_edges == 2U);
        BOOST_TEST(graph.pos_in_x.len() == 4U);
        BOOST_TEST((graph.get_node_positions() == utils::NodeVectors{fours, fours, fours}));
        BOOST_TEST(std::get<2>(graph.get_memory_metrics()) == 0U);
    });
    BOOST_TEST(failures > 16);
    BOOST_TEST(graph.num_nodes == 5U);
}

BOOST_AUTO_TEST_CASE(a_buffer_that_the_device_refuses_is_not_tracked) {
    WatchedDevice device;
    const std::size_t before = utils::get_gpu_memory_usage().first;
    for (int nth = 1; nth <= 2; ++nth) {
        device.fail(nth, kLaunchFailure);
        BOOST_TEST((code_of([] { utils::create_managed_buffer<float>(5, "refused"); }) == CudaError::LaunchFailure));
    }
    BOOST_TEST(utils::get_gpu_memory_usage().first == before);
    BOOST_TEST(utils::get_gpu_memory_usage().second.count("refused") == 0U);
}

BOOST_AUTO_TEST_CASE(a_handler_counts_what_its_two_checks_find) {
    WatchedDevice device;
    utils::CudaErrorHandler handler;
    const CapturedLog log;
    device.fail(1, 719);
    BOOST_TEST((code_of([&] { handler.check_error("the launch"); }) == CudaError::LaunchFailure));
    device.fail(1, 2);
    BOOST_TEST((code_of([&] { handler.synchronize_device("the wait"); }) == CudaError::OutOfMemory));
    BOOST_TEST(handler.get_error_stats().first == 2U);
    BOOST_TEST(handler.get_error_stats().second.has_value());
    BOOST_TEST(handler.should_fallback_to_cpu());
    BOOST_TEST(log.has("the launch"));
    handler.check_error("fine");
    BOOST_TEST(handler.get_error_stats().first == 2U);
    handler.reset_stats();
    BOOST_TEST(handler.get_error_stats().first == 0U);
    BOOST_TEST(!handler.get_error_stats().second.has_value());
    BOOST_TEST(!handler.should_fallback_to_cpu());
}

BOOST_AUTO_TEST_SUITE_END()
