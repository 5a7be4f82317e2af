// Module 2: growth to the byte, sizes, totals.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

#include "captured_log.hpp"
#include "gpu/dynamic_buffer_manager.hpp"
#include "watched_device.hpp"

using gpu::BufferConfig;
using gpu::DynamicBufferManager;
using gpu::DynamicGpuBuffer;

namespace {

DynamicGpuBuffer buffer_with(BufferConfig config) {
    return DynamicGpuBuffer("sample", config, utils::get_global_cuda_error_handler());
}

std::size_t capacity_of(DynamicBufferManager& manager, const std::string& name) {
    return manager.get_or_create_buffer(name, BufferConfig()).capacity_bytes();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(dynamic_buffer)

BOOST_AUTO_TEST_CASE(the_first_growth_takes_the_larger_of_minimum_and_request) {
    DynamicGpuBuffer small = buffer_with({8, 1.5F, 1 << 20, 1000});
    BOOST_TEST(!small.is_allocated());
    BOOST_TEST(small.as_ptr() == nullptr);
    small.ensure_capacity(10);
    BOOST_TEST(small.capacity_bytes() == 1000U);
    DynamicGpuBuffer large = buffer_with({8, 1.5F, 1 << 20, 1000});
    large.ensure_capacity(126);
    BOOST_TEST(large.capacity_bytes() == 1008U);
}

BOOST_AUTO_TEST_CASE(later_growth_multiplies_in_single_precision_and_truncates) {
    DynamicGpuBuffer buffer = buffer_with({1, 1.3F, 1 << 20, 1010});
    buffer.ensure_capacity(1);
    buffer.ensure_capacity(1011);
    BOOST_TEST(buffer.capacity_bytes() == 1313U);  // 1312 in double precision
    buffer.ensure_capacity(5000);
    BOOST_TEST(buffer.capacity_bytes() == 5000U);
    buffer.ensure_capacity(5000);
    BOOST_TEST(buffer.capacity_bytes() == 5000U);
}

BOOST_AUTO_TEST_CASE(the_maximum_caps_growth_and_a_request_beyond_it_fails_with_its_text) {
    DynamicGpuBuffer buffer = buffer_with({4, 10.0F, 4000, 400});
    buffer.ensure_capacity(100);
    buffer.ensure_capacity(101);
    BOOST_TEST(buffer.capacity_bytes() == 4000U);
    const void* memory = buffer.as_ptr();
    BOOST_CHECK_EXCEPTION(buffer.ensure_capacity(1001), std::runtime_error, [](const std::runtime_error& error) {
        return std::string(error.what()) == "Required size 4004 exceeds maximum buffer size 4000 for sample";
    });
    BOOST_TEST(buffer.capacity_bytes() == 4000U);
    BOOST_TEST(buffer.as_ptr() == memory);
}

BOOST_AUTO_TEST_CASE(a_factor_below_0_or_not_a_number_counts_as_0) {
    for (const float factor : {-2.0F, std::numeric_limits<float>::quiet_NaN()}) {
        DynamicGpuBuffer buffer = buffer_with({1, factor, 1 << 20, 16});
        buffer.ensure_capacity(1);
        buffer.ensure_capacity(17);
        BOOST_TEST(buffer.capacity_bytes() == 17U);
    }
}

BOOST_AUTO_TEST_CASE(a_byte_count_that_overflows_wraps_round) {
    DynamicGpuBuffer buffer = buffer_with({8, 1.5F, 1 << 20, 64});
    buffer.ensure_capacity(std::numeric_limits<std::size_t>::max() / 8 + 2);  // 8 bytes after wrapping
    BOOST_TEST(buffer.capacity_bytes() == 64U);
}

BOOST_AUTO_TEST_CASE(growth_keeps_what_set_size_declared) {
    DynamicGpuBuffer buffer = buffer_with({1, 2.0F, 1 << 20, 8});
    buffer.ensure_capacity(8);
    write_bytes(buffer.as_ptr(), "abcdefgh");
    buffer.set_size(5);
    buffer.ensure_capacity(4096);
    BOOST_TEST(read_bytes(buffer.as_ptr(), 5) == "abcde");
    BOOST_TEST(buffer.size_bytes() == 5U);
}

BOOST_AUTO_TEST_CASE(growth_moves_to_new_memory_and_copies_nothing_but_the_declared_size) {
    WatchedDevice device;
    DynamicGpuBuffer buffer = buffer_with({1, 2.0F, 1 << 20, 1000});
    buffer.ensure_capacity(1000);
    const void* const there = buffer.as_ptr();
    buffer.set_size(10);
    buffer.ensure_capacity(1001);
    BOOST_TEST(buffer.as_ptr() != there);
    BOOST_TEST(device.bytes("copy") == 10U);
    BOOST_TEST(device.peak_bytes() == 1000U + 2000U);  // the old one lives until the new one is filled
    BOOST_TEST(device.calls("release") == 1);
}

BOOST_AUTO_TEST_CASE(the_size_is_clamped_to_the_capacity_and_gives_the_utilization) {
    DynamicGpuBuffer buffer = buffer_with({1, 2.0F, 1 << 20, 100});
    buffer.set_size(10);
    BOOST_TEST(buffer.size_bytes() == 0U);
    BOOST_TEST(buffer.get_stats().utilization == 0.0F);
    buffer.ensure_capacity(1);
    buffer.set_size(25);
    BOOST_TEST(buffer.get_stats().utilization == 0.25F);
    buffer.set_size(1000);
    BOOST_TEST(buffer.get_stats().used_bytes == 100U);
}

BOOST_AUTO_TEST_CASE(memory_that_runs_out_leaves_the_buffer_unchanged) {
    DynamicGpuBuffer buffer = buffer_with({1, 1.0F, std::numeric_limits<std::size_t>::max(), 8});
    buffer.ensure_capacity(8);
    buffer.set_size(3);
    BOOST_CHECK_THROW(buffer.ensure_capacity(std::numeric_limits<std::size_t>::max() / 2), std::runtime_error);
    BOOST_TEST(buffer.capacity_bytes() == 8U);
    BOOST_TEST(buffer.size_bytes() == 3U);
}

BOOST_AUTO_TEST_CASE(the_presets_are_those_of_the_header) {
    const auto is = [](const BufferConfig& config, std::size_t bytes, float factor, std::size_t mebibytes,
                       std::size_t least) {
        return config.bytes_per_node == bytes && config.growth_factor == factor &&
               config.max_size_bytes == mebibytes << 20 && config.min_size_bytes == least;
    };
    BOOST_TEST(is(BufferConfig::for_positions(), 12, 1.3F, 512, 4096));
    BOOST_TEST(is(BufferConfig::for_velocities(), 12, 1.3F, 512, 4096));
    BOOST_TEST(is(BufferConfig::for_forces(), 12, 1.3F, 512, 4096));
    BOOST_TEST(is(BufferConfig::for_edges(), 32, 2.0F, 2048, 8192));
    BOOST_TEST(is(BufferConfig::for_grid_cells(), 8, 1.5F, 256, 2048));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(dynamic_buffer_manager)

BOOST_AUTO_TEST_CASE(a_known_name_ignores_the_new_config) {
    DynamicBufferManager manager(utils::get_global_cuda_error_handler());
    DynamicGpuBuffer& first = manager.get_or_create_buffer("a", {4, 2.0F, 1 << 20, 40});
    const CapturedLog log;
    DynamicGpuBuffer& second = manager.get_or_create_buffer("a", {100, 2.0F, 1 << 20, 4000});
    BOOST_TEST(&first == &second);
    BOOST_TEST(log.text().empty());
    second.ensure_capacity(10);
    BOOST_TEST(first.capacity_bytes() == 40U);
}

BOOST_AUTO_TEST_CASE(the_total_is_stale_after_a_plain_growth) {
    DynamicBufferManager manager(utils::get_global_cuda_error_handler());
    DynamicGpuBuffer& buffer = manager.get_or_create_buffer("a", {1, 2.0F, 1 << 20, 64});
    buffer.ensure_capacity(64);
    buffer.set_size(1);
    BOOST_TEST(manager.get_total_allocation() == 0U);
    manager.cleanup_unused_buffers();
    BOOST_TEST(manager.get_total_allocation() == 64U);
}

BOOST_AUTO_TEST_CASE(cell_buffers_get_their_sizes_for_1000_nodes) {
    DynamicBufferManager manager(utils::get_global_cuda_error_handler());
    manager.resize_cell_buffers(1000);
    BOOST_TEST(manager.get_all_stats().size() == 13U);
    for (const char* name : {"pos_x", "pos_y", "pos_z", "vel_x", "vel_y", "vel_z", "force_x", "force_y", "force_z"}) {
        BOOST_TEST(capacity_of(manager, name) == 12000U);
    }
    for (const char* name : {"cell_keys", "sorted_indices", "cell_start", "cell_end"}) {
        BOOST_TEST(capacity_of(manager, name) == 8000U);  // 1000 nodes and 10^3 cells, 8 bytes each
    }
    BOOST_TEST(manager.get_total_allocation() == 9U * 12000U + 4U * 8000U);
}

BOOST_AUTO_TEST_CASE(the_grid_has_at_least_8_cells_a_side_and_no_rounding_error) {
    const auto cell_bytes = [](std::size_t nodes) {
        DynamicBufferManager manager(utils::get_global_cuda_error_handler());
        manager.resize_cell_buffers(nodes);
        return capacity_of(manager, "cell_start");
    };
    BOOST_TEST(cell_bytes(0) == 8U * 512U);
    BOOST_TEST(cell_bytes(512) == 8U * 512U);
    BOOST_TEST(cell_bytes(513) == 8U * 729U);
    BOOST_TEST(cell_bytes(1001) == 8U * 1331U);
    BOOST_TEST(cell_bytes(125000) == 8U * 125000U);
}

BOOST_AUTO_TEST_CASE(cleanup_drops_buffers_that_are_allocated_and_have_size_0) {
    DynamicBufferManager manager(utils::get_global_cuda_error_handler());
    manager.get_or_create_buffer("untouched", BufferConfig());
    manager.get_or_create_buffer("unused", BufferConfig()).ensure_capacity(1);
    DynamicGpuBuffer& used = manager.get_or_create_buffer("used", BufferConfig());
    used.ensure_capacity(1);
    used.set_size(4);
    manager.cleanup_unused_buffers();
    std::vector<std::string> names;
    for (const auto& stats : manager.get_all_stats()) {
        names.push_back(stats.name);
    }
    std::sort(names.begin(), names.end());
    const std::vector<std::string> expected{"untouched", "used"};
    BOOST_TEST(names == expected, boost::test_tools::per_element());
    BOOST_TEST(used.size_bytes() == 4U);
}

BOOST_AUTO_TEST_CASE(allocation_is_possible_up_to_6_gib_in_all) {
    DynamicBufferManager manager(utils::get_global_cuda_error_handler());
    constexpr std::size_t limit = std::size_t{6} << 30;
    BOOST_TEST(manager.can_allocate(limit));
    BOOST_TEST(!manager.can_allocate(limit + 1));
    manager.resize_cell_buffers(1);
    BOOST_TEST(!manager.can_allocate(limit));
    BOOST_TEST(manager.can_allocate(limit - manager.get_total_allocation()));
    BOOST_TEST(!manager.can_allocate(std::numeric_limits<std::size_t>::max()));
}

// Untouched memory costs a host nothing, so this one has it too.
BOOST_AUTO_TEST_CASE(a_total_past_6_gib_is_only_warned_of) {
    constexpr std::size_t gib = std::size_t{1} << 30;
    DynamicBufferManager manager(utils::get_global_cuda_error_handler());
    const CapturedLog log;
    for (int number = 0; number < 7; ++number) {
        DynamicGpuBuffer& buffer = manager.get_or_create_buffer(std::to_string(number), {1, 1.0F, gib, gib});
        buffer.ensure_capacity(1);
        buffer.set_size(1);
    }
    BOOST_TEST(log.text().empty());  // nobody has counted yet
    manager.cleanup_unused_buffers();
    BOOST_TEST(log.has("[WARN]"));
    BOOST_TEST(manager.get_total_allocation() == 7 * gib);
    BOOST_TEST(!manager.can_allocate(0));
}

BOOST_AUTO_TEST_CASE(stats_have_every_name_allocated_or_not) {
    DynamicBufferManager manager(nullptr);
    manager.get_or_create_buffer("", {});
    manager.get_or_create_buffer("grown", {1, 1.0F, 100, 100}).ensure_capacity(1);
    for (const auto& stats : manager.get_all_stats()) {
        BOOST_TEST(stats.capacity_bytes == (stats.name.empty() ? 0U : 100U));
        BOOST_TEST(stats.utilization == 0.0F);
    }
    BOOST_TEST(manager.get_all_stats().size() == 2U);
}

BOOST_AUTO_TEST_CASE(cell_buffers_that_fail_leave_those_before_grown) {
    DynamicBufferManager manager(nullptr);
    manager.get_or_create_buffer("vel_x", {12, 1.3F, 100, 12});
    BOOST_CHECK_THROW(manager.resize_cell_buffers(1000), std::runtime_error);
    BOOST_TEST(capacity_of(manager, "pos_z") == 12000U);
    BOOST_TEST(manager.get_all_stats().size() == 4U);
    BOOST_TEST(manager.get_total_allocation() == 0U);  // not refreshed either
}

BOOST_AUTO_TEST_SUITE_END()
