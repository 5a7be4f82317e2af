// SPDX-License-Identifier: Apache-2.0
#include "facades.hpp"
#include "gpu/dynamic_buffer_manager.hpp"
#include "graph_arrays.hpp"
#include "utils/gpu_memory.hpp"

#include <thread>
#include <utility>

BOOST_FIXTURE_TEST_SUITE(lifetimes, Facades)

// Boost.Test's checks are for one thread, so each thread counts what is wrong.
BOOST_AUTO_TEST_CASE(free_functions_and_different_objects_are_safe_on_all_threads) {
    utils::LabelMappingCache cache;
    utils::CudaErrorHandler handler;
    std::vector<int> wrong(4, 0);
    const auto work = [&](int number) {
        int& mistakes = wrong[static_cast<std::size_t>(number)];
        const std::string name = "thread " + std::to_string(number);
        utils::UnifiedGPUCompute graph(50, 5);
        gpu::DynamicBufferManager buffers(nullptr);
        for (int round = 0; round < 20; ++round) {
            const Floats values(100, static_cast<float>(100 * number + round));
            const auto managed = utils::create_managed_buffer_from_slice(values, name);
            mistakes += all_of(managed.as_device_buffer()) != values;
            mistakes += utils::get_gpu_memory_usage().second.count(name) != 1;
            buffers.resize_cell_buffers(static_cast<std::size_t>(round * 10));
            graph.start_async_download_positions();
            mistakes += graph.wait_for_download_positions() != three(graph.num_nodes, 0);
            graph.resize_buffers(graph.num_nodes + 1, 5);
            mistakes += cache.get_or_compute_mapping({round}, [](const auto& same) { return same; }) != Integers{round};
            handler.check_error(name);
        }
    };
    std::vector<std::thread> threads;
    for (int number = 0; number < 4; ++number) threads.emplace_back(work, number);
    for (std::thread& thread : threads) thread.join();
    BOOST_TEST(wrong == std::vector<int>(4, 0), boost::test_tools::per_element());
    BOOST_TEST(std::get<0>(cache.get_cache_stats()) + std::get<1>(cache.get_cache_stats()) == 80U);
}

BOOST_AUTO_TEST_CASE(objects_may_go_by_an_exception_or_on_another_thread) {
    const auto unwind = [] {
        const auto buffer = utils::create_managed_buffer<float>(5, "unwound");
        utils::UnifiedGPUCompute graph(100, 0);
        graph.get_node_positions_async();
        throw std::runtime_error("unwinding");
    };
    BOOST_CHECK_THROW(unwind(), std::runtime_error);
    auto graph = std::make_unique<utils::UnifiedGPUCompute>(100, 10);
    graph->start_async_download_velocities();
    auto buffer =
        std::make_unique<utils::ManagedDeviceBuffer<float>>(utils::create_managed_buffer<float>(5, "elsewhere"));
    std::thread([&] {
        graph.reset();
        buffer.reset();
    }).join();
    BOOST_TEST(utils::check_gpu_memory_leaks().empty());
}

BOOST_AUTO_TEST_CASE(moved_from_objects_can_be_assigned_to_and_destroyed) {
    auto managed = utils::create_managed_buffer<float>(3, "moving");
    const auto managed_to = std::move(managed);
    managed = utils::create_managed_buffer<float>(2, "again");
    BOOST_TEST(managed.as_device_buffer().len() == 2U);
    utils::MultiStreamManager streams;
    const utils::MultiStreamManager streams_to = std::move(streams);
    streams = utils::MultiStreamManager();
    streams.synchronize_all();
    auto gone = utils::create_managed_buffer<float>(1, "gone");
    {
        const auto taker = std::move(gone);
    }
    BOOST_TEST(utils::get_gpu_memory_usage().first == 20U);
}

BOOST_AUTO_TEST_CASE(nothing_makes_something_empty_and_any_string_is_a_name) {
    const auto none = utils::create_managed_buffer<double>(0, "");
    BOOST_TEST(none.as_device_buffer().is_empty());
    BOOST_TEST(utils::create_managed_buffer_from_slice(Integers(), "a\nb").name() == "a\nb");
    const utils::CudaMemoryGuard guard(0, "", nullptr);
    guard.copy_from_host(nullptr, 0);
    gpu::DynamicBufferManager buffers(nullptr);
    gpu::DynamicGpuBuffer& unnamed = buffers.get_or_create_buffer("", {});
    unnamed.ensure_capacity(0);
    BOOST_TEST(!unnamed.is_allocated());
    utils::UnifiedGPUCompute graph(0, 0);
    graph.upload_edges_csr({0}, {}, {});
    BOOST_TEST((graph.get_node_positions_async() == three(0, 0)));
    BOOST_TEST(manager.total_allocated_bytes() == 4U);  // one row offset
}

BOOST_AUTO_TEST_SUITE_END()
