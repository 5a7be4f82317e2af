// SPDX-License-Identifier: Apache-2.0
#include "facades.hpp"
#include "gpu/dynamic_buffer_manager.hpp"
#include "graph_arrays.hpp"
#include "utils/gpu_memory.hpp"

#include <triune/detail/manage/manager_core.hpp>
#include <triune/graph/graph_arrays.hpp>
#include <triune/triune.hpp>

BOOST_FIXTURE_TEST_SUITE(half_migrated, Facades)

namespace {

// Stands for bytes that facades draw and this machine need not have.
struct Drawn {
    triune::GpuMemoryManager& manager;
    std::size_t bytes;
    Drawn(triune::GpuMemoryManager& of, std::size_t amount) : manager(of), bytes(amount) { manager.core()->memory.add(bytes); }
    ~Drawn() { manager.core()->memory.subtract(bytes); }
};

}  // namespace

BOOST_AUTO_TEST_CASE(each_byte_of_either_side_counts_once_in_one_total) {
    const auto legacy = utils::create_managed_buffer<float>(10, "legacy");
    const auto migrated = manager.make_buffer<float>("migrated", 20);
    gpu::DynamicBufferManager buffers(nullptr);
    buffers.get_or_create_buffer("b", {1, 1.0F, 1000, 0}).ensure_capacity(100);
    const utils::CudaMemoryGuard guard(1000, "guard", nullptr);
    const utils::UnifiedGPUCompute graph(1, 0);
    BOOST_TEST(manager.total_allocated_bytes() == 40U + 80U + 100U + 1000U + 4 * 15);
}

BOOST_AUTO_TEST_CASE(both_sides_answers_about_leaks_and_usage_are_one) {
    const auto legacy = utils::create_managed_buffer<float>(10, "twin");
    const auto migrated = manager.make_buffer<float>("twin", 20);
    manager.allocate<double>("allocated", 1);
    const auto unnamed = manager.make_buffer<float>(5);
    const auto untyped = manager.make_untyped("untyped", {});
    gpu::DynamicBufferManager buffers(nullptr);
    buffers.get_or_create_buffer("dynamic", {}).ensure_capacity(1);
    const utils::UnifiedGPUCompute legacy_graph(3, 3);
    const triune::GraphArrays graph(3, 3);
    const utils::CudaMemoryGuard guard(8, "guard", nullptr);

    const auto usage = utils::get_gpu_memory_usage();
    BOOST_TEST(usage.first == 128U);
    BOOST_TEST(usage.second.size() == 2U);
    BOOST_TEST(usage.second.at("twin") == 120U);
    BOOST_TEST((manager.usage_by_name() == usage));
    auto leaks = utils::check_gpu_memory_leaks();
    auto same = manager.report_leaks();
    std::sort(leaks.begin(), leaks.end());
    std::sort(same.begin(), same.end());
    BOOST_TEST(leaks == (std::vector<std::string>{"allocated", "twin", "twin"}), boost::test_tools::per_element());
    BOOST_TEST(leaks == same, boost::test_tools::per_element());
    manager.free("allocated");
}

BOOST_AUTO_TEST_CASE(past_the_limit_only_the_new_api_is_refused) {
    const Drawn drawn(manager, manager.limit_bytes() - 50);
    const auto plain = utils::DeviceBuffer<float>::zeroed(100);
    const auto managed = utils::create_managed_buffer<float>(100, "managed");
    const utils::CudaMemoryGuard guard(100, "guard", nullptr);
    gpu::DynamicGpuBuffer dynamic("dynamic", {1, 1.0F, 1000, 0}, nullptr);
    dynamic.ensure_capacity(100);
    utils::UnifiedGPUCompute graph(10, 10);
    graph.resize_buffers(20, 20);
    gpu::DynamicBufferManager buffers(nullptr);
    buffers.resize_cell_buffers(8);
    BOOST_TEST(!manager.can_allocate(1));
    BOOST_TEST(manager.can_allocate(0));
    BOOST_CHECK_THROW(manager.make_buffer<float>("refused", 1), triune::limit_exceeded);
    BOOST_CHECK_THROW(manager.allocate<float>("refused", 1), triune::limit_exceeded);
    BOOST_TEST(manager.usage_by_name().second.count("refused") == 0U);
}

BOOST_AUTO_TEST_CASE(one_name_on_both_sides_is_two_buffers) {
    gpu::DynamicBufferManager buffers(nullptr);
    auto& legacy = buffers.get_or_create_buffer("shared", {1, 1.0F, 1000, 0});
    legacy.ensure_capacity(10);
    BOOST_CHECK_THROW(manager.get_untyped("shared"), triune::buffer_not_found);
    const auto handle = manager.get_or_create("shared", {1, 1.0F, 1000, 0, false, false});
    handle.reserve(10);
    BOOST_TEST(handle.data() != legacy.as_ptr());
    const auto managed = utils::create_managed_buffer<float>(1, "managed");
    BOOST_CHECK_THROW(manager.get_buffer<float>("managed"), triune::buffer_not_found);
    manager.free("shared");
    BOOST_TEST(legacy.capacity_bytes() == 10U);
}

BOOST_AUTO_TEST_CASE(a_legacy_stream_serves_the_new_api) {
    const utils::MultiStreamManager streams;
    void* const stream = streams.get_memory_stream().handle();
    const auto buffer = manager.make_buffer<float>("floats", 100, triune::BufferConfig::for_positions());
    const Floats sent = ramp(100, 5);
    buffer.upload(std::span<const float>(sent), stream);
    buffer.start_async_download(stream);
    BOOST_TEST(buffer.wait_for_download().to_vector() == sent, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(device_pointers_cross) {
    const auto legacy = utils::create_managed_buffer_from_slice(ramp(64, 1), "legacy");
    const auto migrated = manager.make_buffer<float>("migrated", legacy.as_device_buffer().len());
    BOOST_TEST(device.copy(migrated.data(), legacy.as_device_buffer().as_device_ptr(), 256, nullptr).ok());
    BOOST_TEST(migrated.download() == ramp(64, 1), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(errors_are_those_of_the_api_called) {
    std::vector<float> two(2);
    auto legacy = utils::DeviceBuffer<float>::zeroed(3);
    const auto migrated = triune::Buffer<float>::zeroed(3);
    BOOST_CHECK_THROW(legacy.copy_from(two), utils::CudaException);
    BOOST_CHECK_THROW(migrated.upload(std::span<const float>(two)), triune::Error);
    BOOST_TEST(code_of([&] { legacy.copy_to(two); }) == utils::CudaError::InvalidValue);
}

BOOST_AUTO_TEST_SUITE_END()
