// SPDX-License-Identifier: Apache-2.0
#include "gpu/dynamic_buffer_manager.hpp"

#include "facades.hpp"
#include "growing_buffer.hpp"
#include "utils/device_buffer.hpp"

#include <thread>
#include <utility>

BOOST_FIXTURE_TEST_SUITE(dynamic_manager, Facades)

using gpu::BufferConfig;
using gpu::DynamicBufferManager;

namespace {

constexpr std::size_t GiB = std::size_t{1} << 30;
constexpr BufferConfig bytes{1, 1.5F, GiB, 16};

// Stands for capacities that this machine need not have.
class Pretended {
  public:
    Pretended(gpu::DynamicGpuBuffer& of, std::size_t amount)
        : holdings_(triune::compat::behind(of).holdings), amount_(amount) {
        holdings_->capacities.add(amount_);
    }
    ~Pretended() { holdings_->capacities.subtract(amount_); }

  private:
    std::shared_ptr<triune::compat::Holdings> holdings_;
    std::size_t amount_;
};

}  // namespace

BOOST_AUTO_TEST_CASE(a_known_name_keeps_its_buffer_and_config_and_another_config_is_warned_of) {
    DynamicBufferManager legacy(nullptr);
    auto& first = legacy.get_or_create_buffer("pos", BufferConfig::for_positions());
    BOOST_TEST(&legacy.get_or_create_buffer("pos", BufferConfig::for_velocities()) == &first);  // equal figures
    BOOST_TEST(lines() == 0U);
    BOOST_TEST(&legacy.get_or_create_buffer("pos", BufferConfig::for_edges()) == &first);
    BOOST_TEST(lines() == 1U);
    BOOST_TEST(logged("[warning]"));
    BOOST_TEST(logged("'pos'"));
    first.ensure_capacity(1);
    BOOST_TEST(first.capacity_bytes() == 4096U);
}

BOOST_AUTO_TEST_CASE(references_stay_valid_while_others_come_and_go) {
    DynamicBufferManager legacy(nullptr);
    auto& kept = legacy.get_or_create_buffer("kept", bytes);
    kept.ensure_capacity(10);
    kept.set_size(3);
    for (int i = 0; i < 200; ++i) legacy.get_or_create_buffer(std::to_string(i), bytes).ensure_capacity(1);
    legacy.cleanup_unused_buffers();
    BOOST_TEST(&legacy.get_or_create_buffer("kept", bytes) == &kept);
    BOOST_TEST(legacy.get_all_stats().size() == 1U);
    BOOST_TEST(kept.size_bytes() == 3U);
}

BOOST_AUTO_TEST_CASE(the_total_is_always_true_and_only_this_managers) {
    DynamicBufferManager legacy(nullptr), other(nullptr);
    gpu::DynamicGpuBuffer lone("lone", bytes, nullptr);
    lone.ensure_capacity(1000);
    other.get_or_create_buffer("a", bytes).ensure_capacity(500);
    auto& a = legacy.get_or_create_buffer("a", bytes);
    BOOST_TEST(legacy.get_total_allocation() == 0U);
    a.ensure_capacity(100);
    BOOST_TEST(legacy.get_total_allocation() == 100U);
    a.ensure_capacity(101);
    BOOST_TEST(legacy.get_total_allocation() == 150U);
    legacy.get_or_create_buffer("b", bytes).ensure_capacity(20);
    BOOST_TEST(legacy.get_total_allocation() == 170U);
    a.set_size(1);
    legacy.cleanup_unused_buffers();
    BOOST_TEST(legacy.get_total_allocation() == 150U);
    BOOST_TEST(manager.total_allocated_bytes() == 1650U);
}

BOOST_AUTO_TEST_CASE(stats_have_every_name_allocated_or_not) {
    DynamicBufferManager legacy(nullptr);
    legacy.get_or_create_buffer("", bytes);
    legacy.get_or_create_buffer("x", bytes).ensure_capacity(32);
    legacy.get_or_create_buffer("x", bytes).set_size(8);
    auto stats = legacy.get_all_stats();
    std::sort(stats.begin(), stats.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
    BOOST_TEST_REQUIRE(stats.size() == 2U);
    BOOST_TEST(stats[0].capacity_bytes == 0U);
    BOOST_TEST(stats[0].utilization == 0.0F);
    BOOST_TEST(stats[1].used_bytes == 8U);
    BOOST_TEST(stats[1].utilization == 0.25F);
}

BOOST_AUTO_TEST_CASE(cleanup_drops_what_is_allocated_and_empty) {
    DynamicBufferManager legacy(nullptr);
    legacy.get_or_create_buffer("unallocated", bytes);
    legacy.get_or_create_buffer("unused", bytes).ensure_capacity(1);
    legacy.get_or_create_buffer("used", bytes).ensure_capacity(1);
    legacy.get_or_create_buffer("used", bytes).set_size(1);
    legacy.cleanup_unused_buffers();
    std::vector<std::string> names;
    for (const auto& stats : legacy.get_all_stats()) names.push_back(stats.name);
    std::sort(names.begin(), names.end());
    BOOST_TEST(names == (std::vector<std::string>{"unallocated", "used"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(cell_buffers_get_the_legacy_names_and_sizes) {
    DynamicBufferManager legacy(nullptr);
    legacy.resize_cell_buffers(1000);
    BOOST_TEST(legacy.get_all_stats().size() == 13U);
    const auto capacity = [&](const char* name) {
        return legacy.get_or_create_buffer(name, BufferConfig{}).capacity_bytes();
    };
    for (const char* name : {"pos_x", "pos_y", "pos_z", "vel_x", "vel_y", "vel_z", "force_x", "force_y", "force_z"}) {
        BOOST_TEST(capacity(name) == 12000U);
    }
    BOOST_TEST(capacity("cell_keys") == 8000U);
    BOOST_TEST(capacity("sorted_indices") == 8000U);
    BOOST_TEST(capacity("cell_start") == 8000U);  // a side of 10, not 11
    BOOST_TEST(capacity("cell_end") == 8000U);
    DynamicBufferManager few(nullptr);
    few.resize_cell_buffers(0);
    BOOST_TEST(few.get_or_create_buffer("cell_end", BufferConfig::for_grid_cells()).capacity_bytes() == 4096U);
    BOOST_TEST(few.get_or_create_buffer("pos_x", BufferConfig::for_positions()).capacity_bytes() == 0U);
    legacy.resize_cell_buffers(1001);
    BOOST_TEST(capacity("pos_x") == 15599U);  // 12000 * 1.3 in single precision
    BOOST_TEST(capacity("cell_start") == 12000U);
}

BOOST_AUTO_TEST_CASE(cell_buffers_wait_for_the_device_once_and_for_the_work_that_uses_them) {
    DynamicBufferManager legacy(nullptr);
    legacy.resize_cell_buffers(100);
    const utils::Stream stream;
    auto& buffer = legacy.get_or_create_buffer("pos_x", {});
    BOOST_TEST(device.fill(buffer.as_ptr(), 'q', 1, 1200, stream.handle()).ok());
    const auto waits = device.calls(triune::Verb::stream_synchronize);
    legacy.resize_cell_buffers(1000);
    BOOST_TEST(device.calls(triune::Verb::stream_synchronize) == waits + 1);
    BOOST_TEST(std::string(static_cast<char*>(buffer.as_ptr()), 1200) == std::string(1200, 'q'));
}

BOOST_AUTO_TEST_CASE(where_one_cell_buffer_fails_none_has_changed) {
    DynamicBufferManager legacy(nullptr);
    legacy.get_or_create_buffer("vel_y", {12, 1.5F, 6000, 16}).ensure_capacity(10);
    const std::size_t before = legacy.get_total_allocation();
    BOOST_TEST(text_of([&] { legacy.resize_cell_buffers(501); }) ==
               "Required size 6012 exceeds maximum buffer size 6000 for vel_y");
    BOOST_TEST(legacy.get_total_allocation() == before);
    BOOST_TEST(legacy.get_all_stats().size() == 1U);
    BOOST_TEST(manager.total_allocated_bytes() == before);
    for (const auto verb : {triune::Verb::copy_on_device, triune::Verb::fill, triune::Verb::stream_synchronize}) {
        device.fail(verb, 1, 2);
        BOOST_TEST(!text_of([&] { legacy.resize_cell_buffers(500); }).empty());
        device.clear_failures();
        BOOST_TEST(legacy.get_all_stats().size() == 1U);
        BOOST_TEST(manager.total_allocated_bytes() == before);
    }
    legacy.resize_cell_buffers(500);
    BOOST_TEST(legacy.get_all_stats().size() == 13U);
}

BOOST_AUTO_TEST_CASE(too_many_nodes_for_any_memory_are_an_error) {
    DynamicBufferManager legacy(nullptr);
    BOOST_TEST(!text_of([&] { legacy.resize_cell_buffers(~std::size_t{0}); }).empty());
    BOOST_TEST(legacy.get_all_stats().empty());
}

BOOST_AUTO_TEST_CASE(can_allocate_asks_for_a_total_of_at_most_six_gibibytes) {
    DynamicBufferManager legacy(nullptr);
    auto& buffer = legacy.get_or_create_buffer("b", bytes);
    BOOST_TEST(legacy.can_allocate(6 * GiB));
    BOOST_TEST(!legacy.can_allocate(6 * GiB + 1));
    BOOST_TEST(!legacy.can_allocate(~std::size_t{0}));
    buffer.ensure_capacity(100);
    BOOST_TEST(legacy.can_allocate(6 * GiB - 100));
    BOOST_TEST(!legacy.can_allocate(6 * GiB - 99));
    const Pretended more(buffer, 6 * GiB);
    BOOST_TEST(!legacy.can_allocate(0));
    BOOST_TEST(!legacy.can_allocate(~std::size_t{0}));
}

BOOST_AUTO_TEST_CASE(each_growth_that_ends_past_six_gibibytes_is_warned_of_and_none_refused) {
    DynamicBufferManager legacy(nullptr);
    auto& buffer = legacy.get_or_create_buffer("grown", {1, 1.0F, GiB, 0});
    auto& other = legacy.get_or_create_buffer("other", {1, 1.0F, GiB, 0});
    const Pretended more(other, 6 * GiB - 100);
    buffer.ensure_capacity(100);
    BOOST_TEST(lines() == 0U);
    buffer.ensure_capacity(101);
    BOOST_TEST(lines() == 1U);
    BOOST_TEST(logged("[warning]"));
    BOOST_TEST(logged("'grown'"));
    buffer.ensure_capacity(101);
    BOOST_TEST(lines() == 1U);
    buffer.ensure_capacity(102);
    BOOST_TEST(lines() == 2U);
    BOOST_TEST(buffer.capacity_bytes() == 102U);
}

BOOST_AUTO_TEST_CASE(buffers_of_one_manager_grow_on_their_own_threads) {
    DynamicBufferManager legacy(nullptr);
    std::vector<gpu::DynamicGpuBuffer*> buffers;
    for (const char* name : {"a", "b", "c", "d"})
        buffers.push_back(&legacy.get_or_create_buffer(name, {1, 1.0F, GiB, 0}));
    std::vector<std::thread> threads;
    for (auto* buffer : buffers) {
        threads.emplace_back([buffer] {
            for (std::size_t size = 1; size <= 50; ++size) buffer->ensure_capacity(size * 100);
        });
    }
    for (std::thread& thread : threads) thread.join();
    BOOST_TEST(legacy.get_total_allocation() == 20000U);
}

BOOST_AUTO_TEST_SUITE_END()
