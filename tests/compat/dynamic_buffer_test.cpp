// SPDX-License-Identifier: Apache-2.0
#include "gpu/dynamic_buffer_manager.hpp"

#include "facades.hpp"

#include <cmath>
#include <limits>
#include <thread>
#include <utility>

BOOST_FIXTURE_TEST_SUITE(dynamic_buffer, Facades)

using gpu::BufferConfig;
using gpu::DynamicGpuBuffer;

namespace {

constexpr std::size_t MiB = std::size_t{1} << 20;

DynamicGpuBuffer make(const BufferConfig& config, const std::string& name = "b") { return {name, config, nullptr}; }

}  // namespace

BOOST_AUTO_TEST_CASE(the_presets_are_the_originals) {
    const auto is = [](const BufferConfig& c, std::size_t bytes, float factor, std::size_t most, std::size_t least) {
        return c.bytes_per_node == bytes && c.growth_factor == factor && c.max_size_bytes == most &&
               c.min_size_bytes == least;
    };
    BOOST_TEST(is(BufferConfig::for_positions(), 12, 1.3F, 512 * MiB, 4096));
    BOOST_TEST(is(BufferConfig::for_velocities(), 12, 1.3F, 512 * MiB, 4096));
    BOOST_TEST(is(BufferConfig::for_forces(), 12, 1.3F, 512 * MiB, 4096));
    BOOST_TEST(is(BufferConfig::for_edges(), 32, 2.0F, 2048 * MiB, 8192));
    BOOST_TEST(is(BufferConfig::for_grid_cells(), 8, 1.5F, 256 * MiB, 2048));
    BOOST_TEST(is(BufferConfig{}, 64, 1.5F, 1024 * MiB, 1024));
}

BOOST_AUTO_TEST_CASE(a_new_buffer_holds_nothing) {
    const auto buffer = make({}, "");
    BOOST_TEST(buffer.as_ptr() == nullptr);
    BOOST_TEST(!buffer.is_allocated());
    BOOST_TEST(buffer.name().empty());
    BOOST_TEST(buffer.get_stats().utilization == 0.0F);
    BOOST_TEST(manager.total_allocated_bytes() == 0U);
}

BOOST_AUTO_TEST_CASE(capacities_follow_the_growth_rule_to_the_byte) {
    auto buffer = make({12, 1.3F, 1000000, 4096});
    const std::size_t steps[][2] = {{0, 0},        {1, 4096},     {341, 4096},     {342, 5324},    {444, 6921},
                                    {5000, 60000}, {5001, 78000}, {83333, 999996}, {83333, 999996}};
    for (const auto& [elements, capacity] : steps) {
        buffer.ensure_capacity(elements);
        BOOST_TEST(buffer.capacity_bytes() == capacity);
    }
}

BOOST_AUTO_TEST_CASE(a_growth_ends_at_the_maximum_and_the_first_one_too) {
    auto buffer = make({1, 8.0F, 5000, 1024});
    buffer.ensure_capacity(1);
    buffer.ensure_capacity(1025);
    BOOST_TEST(buffer.capacity_bytes() == 5000U);
    auto least_above_most = make({1, 2.0F, 100, 1024});
    least_above_most.ensure_capacity(7);
    BOOST_TEST(least_above_most.capacity_bytes() == 100U);
}

BOOST_AUTO_TEST_CASE(odd_growth_factors_saturate) {
    const auto grown = [](float factor) {
        auto buffer = make({1, factor, 1000, 10});
        buffer.ensure_capacity(10);
        buffer.ensure_capacity(11);
        return buffer.capacity_bytes();
    };
    BOOST_TEST(grown(0.0F) == 11U);
    BOOST_TEST(grown(-3.0F) == 11U);
    BOOST_TEST(grown(std::nanf("")) == 11U);
    BOOST_TEST(grown(std::numeric_limits<float>::infinity()) == 1000U);
    BOOST_TEST(grown(-std::numeric_limits<float>::infinity()) == 11U);
    BOOST_TEST(grown(1e30F) == 1000U);
}

BOOST_AUTO_TEST_CASE(too_large_a_size_has_the_legacy_text_and_leaves_the_buffer_unchanged) {
    auto buffer = make({8, 1.5F, 8000, 1024}, "force_x");
    buffer.ensure_capacity(500);
    void* const before = buffer.as_ptr();
    BOOST_TEST(text_of([&] { buffer.ensure_capacity(1001); }) ==
               "Required size 8008 exceeds maximum buffer size 8000 for force_x");
    BOOST_TEST(buffer.capacity_bytes() == 4000U);
    BOOST_TEST(buffer.as_ptr() == before);
    auto unnamed = make({1, 1.5F, 0, 0}, "");
    BOOST_TEST(text_of([&] { unnamed.ensure_capacity(1); }) == "Required size 1 exceeds maximum buffer size 0 for ");
}

BOOST_AUTO_TEST_CASE(a_size_that_overflows_is_an_error_that_names_the_buffer) {
    auto buffer = make({64, 1.5F, ~std::size_t{0}, 0}, "huge");
    buffer.ensure_capacity(1);
    const std::string text = text_of([&] { buffer.ensure_capacity(std::size_t{1} << 58); });
    BOOST_TEST(text.find("huge") != std::string::npos);
    BOOST_TEST(text.find("CudaException") == std::string::npos);
    BOOST_TEST(buffer.capacity_bytes() == 64U);
}

BOOST_AUTO_TEST_CASE(all_the_contents_survive_growth_whatever_size_was_declared) {
    auto buffer = make({1, 1.5F, 1 << 20, 4});
    buffer.ensure_capacity(4);
    utils::get_global_cuda_error_handler()->synchronize_device("before");
    BOOST_TEST(device.copy(buffer.as_ptr(), "abcd", 4, nullptr).ok());
    buffer.set_size(1);
    buffer.ensure_capacity(100000);
    BOOST_TEST(buffer.size_bytes() == 1U);
    BOOST_TEST(std::string(static_cast<char*>(buffer.as_ptr()), 4) == "abcd");
}

BOOST_AUTO_TEST_CASE(above_the_mapping_threshold_the_pointer_stays) {
    auto buffer = make({1, 1.5F, ~std::size_t{0}, 0});  // more than the device has, and no error
    buffer.ensure_capacity(64 * MiB);
    void* const there = buffer.as_ptr();
    BOOST_TEST(device.fill(there, 'm', 1, 16, nullptr).ok());
    buffer.ensure_capacity(100 * MiB);
    BOOST_TEST(buffer.as_ptr() == there);
    BOOST_TEST(buffer.capacity_bytes() == 100 * MiB);
    BOOST_TEST(static_cast<char*>(there)[15] == 'm');
}

BOOST_AUTO_TEST_CASE(a_failed_growth_leaves_the_buffer_unchanged) {
    auto buffer = make({1, 1.5F, std::size_t{1} << 50, 16});
    buffer.ensure_capacity(16);
    BOOST_TEST(device.copy(buffer.as_ptr(), "0123456789abcdef", 16, nullptr).ok());
    buffer.set_size(8);
    void* const before = buffer.as_ptr();
    for (const auto verb : {triune::Verb::copy_on_device, triune::Verb::fill, triune::Verb::event_record_device,
                            triune::Verb::stream_synchronize}) {
        device.fail(verb, 1, 719);
        BOOST_TEST(!text_of([&] { buffer.ensure_capacity(1000); }).empty());
        device.clear_failures();
        BOOST_TEST(buffer.as_ptr() == before);
        BOOST_TEST(buffer.capacity_bytes() == 16U);
        BOOST_TEST(manager.total_allocated_bytes() == 16U);
    }
    BOOST_TEST(!text_of([&] { buffer.ensure_capacity(std::size_t{1} << 49); }).empty());
    BOOST_TEST(buffer.size_bytes() == 8U);
    BOOST_TEST(std::string(static_cast<char*>(buffer.as_ptr()), 16) == "0123456789abcdef");
}

BOOST_AUTO_TEST_CASE(set_size_clamps_and_utilization_is_used_by_capacity) {
    auto buffer = make({1, 2.0F, 1 << 20, 1000});
    buffer.set_size(5);
    BOOST_TEST(buffer.size_bytes() == 0U);
    buffer.ensure_capacity(1);
    buffer.set_size(250);
    BOOST_TEST(buffer.get_stats().used_bytes == 250U);
    BOOST_TEST(buffer.get_stats().utilization == 0.25F);
    buffer.ensure_capacity(1001);
    BOOST_TEST(buffer.size_bytes() == 250U);
    BOOST_TEST(buffer.get_stats().utilization == 0.125F);
    buffer.set_size(~std::size_t{0});
    BOOST_TEST(buffer.size_bytes() == 2000U);
}

BOOST_AUTO_TEST_CASE(growth_waits_for_queued_work_that_still_uses_the_old_memory) {
    const utils::CudaMemoryGuard guard(1, "g", nullptr);
    triune::StreamHandle stream = nullptr;
    BOOST_TEST_REQUIRE(device.stream_create(stream).ok());
    auto buffer = make({1, 1.5F, 1 << 20, 16});
    buffer.ensure_capacity(16);
    BOOST_TEST(device.fill(buffer.as_ptr(), 'q', 1, 16, stream).ok());
    buffer.ensure_capacity(5000);
    BOOST_TEST(std::string(static_cast<char*>(buffer.as_ptr()), 16) == std::string(16, 'q'));
    BOOST_TEST(device.stream_destroy(stream).ok());
}

BOOST_AUTO_TEST_CASE(a_moved_from_buffer_can_be_assigned_to_and_destroyed_on_another_thread) {
    auto from = make({}, "from");
    from.ensure_capacity(10);
    auto to = std::make_unique<DynamicGpuBuffer>(std::move(from));
    from = make({}, "again");
    from.ensure_capacity(1);
    BOOST_TEST(from.name() == "again");
    BOOST_TEST(to->name() == "from");
    std::thread([gone = std::move(to)]() mutable { gone.reset(); }).join();
    BOOST_TEST(manager.total_allocated_bytes() == from.capacity_bytes());
}

BOOST_AUTO_TEST_SUITE_END()
