// All modules: when objects are made and destroyed, on which threads, and what holds nothing.
#include <boost/test/unit_test.hpp>
#include <cstdint>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "gpu/dynamic_buffer_manager.hpp"
#include "utils/gpu_memory.hpp"
#include "utils/unified_gpu_compute.hpp"
#include "watched_device.hpp"

using utils::create_managed_buffer;
using utils::UnifiedGPUCompute;

namespace {

// Made before main; destroyed after it, with a download pending.
UnifiedGPUCompute early_graph(10, 10);
gpu::DynamicBufferManager early_buffers(nullptr);
utils::MultiStreamManager early_streams;
utils::LabelMappingCache early_cache;

template <typename Work>
void on_threads(int count, Work work) {
    std::vector<std::thread> threads;
    for (int number = 0; number < count; ++number) threads.emplace_back(work, number);
    for (std::thread& thread : threads) thread.join();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(lifetimes)

BOOST_AUTO_TEST_CASE(objects_made_before_main_serve_and_may_end_after_it) {
    early_buffers.get_or_create_buffer("early", {}).ensure_capacity(1);
    BOOST_TEST(early_graph.pos_in_x.len() == 10U);
    early_streams.synchronize_all();
    early_cache.get_or_compute_mapping({1}, [](const auto& labels) { return labels; });
    early_graph.start_async_download_positions();
}

BOOST_AUTO_TEST_CASE(objects_may_go_on_another_thread_with_downloads_pending) {
    auto graph = std::make_unique<UnifiedGPUCompute>(100, 10);
    graph->start_async_download_positions();
    graph->start_async_download_velocities();
    auto buffer = std::make_unique<utils::ManagedDeviceBuffer<float>>(create_managed_buffer<float>(5, "elsewhere"));
    std::thread([&] {
        graph.reset();
        buffer.reset();
    }).join();
    BOOST_TEST(utils::get_gpu_memory_usage().second.count("elsewhere") == 0U);
}

BOOST_AUTO_TEST_CASE(objects_may_go_by_an_exception) {
    const auto unwind = [] {
        const auto buffer = create_managed_buffer<float>(5, "unwound");
        UnifiedGPUCompute graph(100, 0);
        graph.get_node_positions_async();
        throw std::runtime_error("unwinding");
    };
    BOOST_CHECK_THROW(unwind(), std::runtime_error);
    BOOST_TEST(utils::get_gpu_memory_usage().second.count("unwound") == 0U);
}

BOOST_AUTO_TEST_CASE(moved_from_objects_can_be_assigned_to_and_destroyed) {
    auto managed = create_managed_buffer<float>(3, "moving");
    auto managed_to = std::move(managed);
    managed = create_managed_buffer<float>(2, "again");
    BOOST_TEST(managed.as_device_buffer().len() == 2U);
    gpu::DynamicGpuBuffer buffer("moving", {}, nullptr);
    gpu::DynamicGpuBuffer buffer_to = std::move(buffer);
    buffer = gpu::DynamicGpuBuffer("again", {}, nullptr);
    BOOST_TEST(buffer.name() == "again");
    utils::Stream stream;
    utils::Stream stream_to = std::move(stream);
    stream = utils::Stream();
    stream.synchronize();
    utils::MultiStreamManager streams;
    utils::MultiStreamManager streams_to = std::move(streams);
    streams = utils::MultiStreamManager();
    streams.synchronize_all();
    auto gone = create_managed_buffer<float>(1, "gone");
    {
        const auto taker = std::move(gone);
    }  // and `gone` is destroyed moved from
}

BOOST_AUTO_TEST_CASE(free_functions_and_different_objects_are_safe_on_all_threads) {
    const std::size_t before = utils::get_gpu_memory_usage().first;
    utils::LabelMappingCache cache;
    on_threads(4, [&](int number) {
        const std::string name = "thread " + std::to_string(number);
        for (int round = 0; round < 50; ++round) {
            const auto buffer = create_managed_buffer<std::int32_t>(100, name);
            std::vector<std::int32_t> values(100, number);
            auto plain = utils::DeviceBuffer<std::int32_t>::from_slice(values);
            plain.copy_to(values);
            static_cast<void>(utils::get_gpu_memory_usage());
            utils::get_global_cuda_error_handler()->check_error(name);
            cache.get_or_compute_mapping({round}, [](const auto& labels) { return labels; });
        }
        UnifiedGPUCompute graph(20, 20);
        graph.resize_buffers(50, 50);
        gpu::DynamicBufferManager buffers(nullptr);
        buffers.resize_cell_buffers(100);
    });
    BOOST_TEST(utils::get_gpu_memory_usage().first == before);
    BOOST_TEST(std::get<0>(cache.get_cache_stats()) + std::get<1>(cache.get_cache_stats()) == 200U);
}

BOOST_AUTO_TEST_CASE(nothing_makes_something_empty_and_any_string_is_a_name) {
    const auto none = create_managed_buffer<double>(0, "");
    BOOST_TEST(none.as_device_buffer().is_empty());
    BOOST_TEST(none.name().empty());
    BOOST_TEST(utils::create_managed_buffer_from_slice(std::vector<int>(), "a\nb").name() == "a\nb");
    BOOST_TEST(utils::DeviceBuffer<int>::zeroed(0).as_device_ptr() == nullptr);
    const utils::CudaMemoryGuard guard(0, "", nullptr);
    BOOST_TEST(guard.as_ptr() == nullptr);
    guard.copy_from_host(nullptr, 0);
    gpu::DynamicGpuBuffer buffer("", {}, nullptr);
    buffer.ensure_capacity(0);
    BOOST_TEST(!buffer.is_allocated());
    gpu::DynamicBufferManager buffers(nullptr);
    buffers.resize_cell_buffers(0);
    BOOST_TEST(buffers.get_or_create_buffer("pos_x", {}).capacity_bytes() == 0U);
    UnifiedGPUCompute graph(0, 0);
    BOOST_TEST(graph.edge_row_offsets.len() == 1U);
}

BOOST_AUTO_TEST_CASE(memory_is_given_back_only_through_a_free_that_waits_for_the_device) {
    WatchedDevice device;
    {
        const auto buffer = create_managed_buffer<float>(100, "freed");
    }
    {
        UnifiedGPUCompute graph(10, 10);
    }
    BOOST_TEST(device.calls("release") == 1 + 16);
    BOOST_TEST(device.calls("allocate") == 1 + 16);
}

BOOST_AUTO_TEST_SUITE_END()
