// SPDX-License-Identifier: Apache-2.0
// How buffers grow: in their block, by a copy, by mapping.
#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <triune/detail/manage/growth_policy.hpp>
#include <triune/detail/manage/manager_core.hpp>
#include <triune/detail/manage/submission.hpp>
#include <triune/manage/growth_set.hpp>

#include "../../contract/gate.hpp"
#include "on_manager.hpp"

using namespace triune;

namespace {

// Work of the block's former owner is queued on the stream that took the block over, and runs late.
struct OnReusedBlock : OnLateManager {
    static constexpr std::size_t room = 59300;
    static constexpr std::size_t most = 59000;

    static BufferConfig exact() {
        BufferConfig config;
        config.bytes_per_element = 1;
        config.growth_factor = 1.0F;
        config.min_size_bytes = 0;
        return config;
    }
    // The next block of that size on the stream is this one.
    void leave_a_block(std::size_t bytes = room) {
        auto former = manager.make_buffer<unsigned char>("former", bytes, exact(), stream.handle());
        former.fill(0xEE, stream.handle());
        former.reset(stream.handle());
    }
    template <typename Handle>
    void expect_zeroes(const Handle& buffer) {
        stream.synchronize();  // now at the latest what is queued runs
        std::vector<unsigned char> bytes(room);
        Submission work(*manager.core()->resources, StreamOrder::after_all());
        work.copy(bytes.data(), buffer.data(), room, "reading");
        work.finish();
        BOOST_TEST((bytes == std::vector<unsigned char>(room)));
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(growth, OnManager)

// How often the device was asked to fill, by each way to make and grow a buffer.
BOOST_AUTO_TEST_CASE(what_is_not_to_be_zeroed_is_not_filled) {
    const auto fills_of = [&](auto&& call) {
        const std::uint64_t before = sim.calls(Verb::fill);
        call();
        return sim.calls(Verb::fill) - before;
    };
    for (const bool zeroed : {true, false}) {
        BufferConfig config = mapped();
        config.zeroed = zeroed;
        const std::uint64_t each = zeroed ? 1 : 0;
        Buffer<float> made;
        BOOST_TEST(fills_of([&] { made = manager.make_buffer<float>("x", 1000, config); }) == each);
        BOOST_TEST(fills_of([&] { made.reserve(100'000); }) == each);
        BOOST_TEST(fills_of([&] { made.ensure_capacity(200'000, stream.handle()); }) == each);
        config.stable_address = false;
        BOOST_TEST(fills_of([&] { static_cast<void>(manager.allocate<float>("y", 10, config)); }) == each);
        BOOST_TEST(fills_of([&] { manager.ensure_capacity<float>("y", 10'000); }) == each);
        manager.free("y");
        BOOST_TEST(fills_of([&] { manager.get_or_create("z", config).reserve(10); }) == each);
        manager.free("z");
        BufferGroup<float> group(manager, "g", {"x"}, 10, config);
        BOOST_TEST(fills_of([&] { group.reserve(1000); }) == each);
    }
}

BOOST_AUTO_TEST_CASE(growing_keeps_what_was_written_where_new_elements_are_not_zeroed) {
    BufferConfig config;
    config.zeroed = false;
    const auto made = manager.allocate<float>("x", 100, config);
    made.upload(ascending(100));
    made.ensure_capacity(10'000);
    const auto values = made.download();
    BOOST_TEST(std::equal(values.begin(), values.begin() + 100, ascending(100).begin()));
}

BOOST_AUTO_TEST_CASE(growing_keeps_the_contents_and_zeroes_what_is_new) {
    const auto made = manager.allocate<float>("x", 1000);
    made.upload(ascending(1000));
    made.ensure_capacity(5000);
    auto expected = ascending(1000);
    expected.resize(5000, 0.0F);
    BOOST_TEST((made.download() == expected));
    BOOST_TEST(made.capacity() == 5000U);
}

BOOST_AUTO_TEST_CASE(a_growth_that_fits_the_block_moves_nothing) {
    const auto made = manager.allocate<float>("x", 10);
    made.upload(ascending(10));
    float* const at = made.data();
    made.ensure_capacity(64);  // 256 bytes: the block's
    BOOST_TEST(made.data() == at);
    BOOST_TEST(made.capacity() == 64U);
    BOOST_TEST(manager.total_allocated_bytes() == 256U);
    BOOST_TEST(made.download()[63] == 0.0F);
    BOOST_TEST(made.download()[9] == 9.0F);
}

BOOST_AUTO_TEST_CASE(a_growth_past_the_block_moves_the_contents_to_a_bigger_one) {
    const auto made = manager.allocate<float>("x", 1000);
    float* const at = made.data();
    made.ensure_capacity(2000);
    BOOST_TEST(made.data() != at);
    BOOST_TEST(sim.ledger().reservations == 1U);  // the pool's
}

BOOST_AUTO_TEST_CASE(at_the_threshold_a_buffer_gets_addresses_of_its_own_and_keeps_them) {
    constexpr std::size_t threshold = map_threshold_bytes / sizeof(float);
    const auto made = manager.allocate<float>("x", 1000);
    made.upload(ascending(1000));
    made.reserve(threshold);
    BOOST_TEST(sim.ledger().reservations == 2U);
    float* const at = made.data();
    made.reserve(threshold + 1);  // half as much again
    BOOST_TEST(made.data() == at);
    BOOST_TEST(made.capacity() == threshold * 3 / 2);
    made.set_size(1001);
    auto expected = ascending(1000);
    expected.push_back(0.0F);
    BOOST_TEST((made.download() == expected));
    std::vector<float> end(1);
    made.set_size(made.capacity());
    made.download_at(made.capacity() - 1, end);
    BOOST_TEST(end[0] == 0.0F);
}

BOOST_AUTO_TEST_CASE(growing_in_place_copies_no_byte_and_allocates_only_what_is_new) {
    const auto made = manager.allocate<float>("x", 4 * MiB / 4, mapped());
    manager.trim();
    const auto copies = sim.calls(Verb::copy) + sim.calls(Verb::copy_on_device);
    const auto bytes = sim.ledger().chunk_bytes;
    made.ensure_capacity(10 * MiB / 4);
    BOOST_TEST(sim.calls(Verb::copy) + sim.calls(Verb::copy_on_device) == copies);
    BOOST_TEST(sim.ledger().chunk_bytes == bytes + 6 * MiB);
}

BOOST_AUTO_TEST_CASE(growing_in_place_waits_for_no_stream) {
    const auto made = manager.allocate<float>("x", 1 * MiB, mapped());
    made.fill(3.0F);
    float* const at = made.data();
    {
        contract::Gate gate(sim, stream.handle());  // as a kernel that still runs
        made.ensure_capacity(2 * MiB);
        BOOST_TEST(!stream.query());
    }
    {
        const Held held(sim);
        made.ensure_capacity(3 * MiB, stream.handle());
    }
    BOOST_TEST(made.data() == at);
    const auto values = made.download();
    BOOST_TEST(values[0] == 3.0F);
    BOOST_TEST(values[1 * MiB] == 0.0F);
    BOOST_TEST(values[3 * MiB - 1] == 0.0F);
}

BOOST_AUTO_TEST_CASE(growing_on_a_stream_waits_for_nothing_and_follows_its_order) {
    const auto made = manager.allocate<float>("x", 1000);
    {
        const Held held(sim);
        made.fill(2.0F, stream.handle());
        made.ensure_capacity(3000, stream.handle());
        made.ensure_capacity(9000, stream.handle());
    }
    const auto values = made.download();
    BOOST_TEST(values[999] == 2.0F);
    BOOST_TEST(values[1000] == 0.0F);
    BOOST_TEST(values[8999] == 0.0F);
}

BOOST_AUTO_TEST_CASE(growing_without_a_stream_waits_for_the_writes_of_all) {
    const auto made = manager.allocate<float>("x", 1000);
    BOOST_TEST(sim.fill(made.data(), 0x40A00000, 4, 1000, stream.handle()).ok());  // 5.0F
    made.ensure_capacity(3000);
    BOOST_TEST(made.download()[999] == 5.0F);
}

BOOST_FIXTURE_TEST_CASE(a_blocking_growth_within_the_block_runs_after_all_queued_work, OnReusedBlock) {
    leave_a_block();
    const auto made = manager.make_buffer<unsigned char>("x", 1000, exact(), stream.handle());
    made.ensure_capacity(most, stream.handle());
    made.ensure_capacity(room);
    expect_zeroes(made);

    leave_a_block();
    const auto untyped = manager.make_untyped("u", exact());
    untyped.ensure_capacity(most, stream.handle());
    untyped.reserve(room);
    untyped.set_size(room);
    std::vector<unsigned char> bytes(room, 1);
    stream.synchronize();
    untyped.download_bytes(bytes.data(), room);
    BOOST_TEST((bytes == std::vector<unsigned char>(room)));
}

BOOST_FIXTURE_TEST_CASE(a_groups_blocking_growth_within_the_blocks_runs_after_all_queued_work, OnReusedBlock) {
    leave_a_block();
    BufferGroup<unsigned char> group(manager, "g", {"x"}, 0, exact());
    group.ensure_capacity(most, stream.handle());
    group.ensure_capacity(room);
    expect_zeroes(group[0]);
}

BOOST_FIXTURE_TEST_CASE(a_buffer_that_has_shrunk_grows_within_its_new_block_after_all_queued_work, OnReusedBlock) {
    const auto made = manager.make_buffer<unsigned char>("x", 2 * room, exact(), stream.handle());
    leave_a_block();
    made.set_size(most);
    made.shrink_to_fit(stream.handle());
    made.ensure_capacity(room);
    expect_zeroes(made);
}

BOOST_AUTO_TEST_CASE(a_buffer_without_a_maximum_moves_once_when_it_outgrows_its_addresses) {
    sim::SimOptions options = small(2 * GiB);
    OnManager on(GpuMemoryManager::default_limit_bytes, options);
    BufferConfig config = GpuMemoryManager::unbounded();
    config.growth_factor = 1.0F;
    const auto made = on.manager.make_buffer<std::uint8_t>("x", map_threshold_bytes, config);
    BOOST_TEST(on.sim.ledger().reserved_bytes < 1 * GiB + 4 * 256 * MiB);
    std::vector<const std::uint8_t*> places{made.data()};
    made.fill_at(0, 1, 7);
    for (std::size_t bytes = 2 * map_threshold_bytes; bytes <= 16 * map_threshold_bytes; bytes *= 2) {
        made.ensure_capacity(bytes);
        if (made.data() != places.back()) places.push_back(made.data());
    }
    BOOST_TEST(places.size() == 2U);
    std::vector<std::uint8_t> first(1);
    made.download_at(0, first);
    BOOST_TEST(first[0] == 7);
}

BOOST_AUTO_TEST_CASE(where_no_addresses_are_left_the_pool_serves) {
    for (const std::size_t bytes : {10 * KiB, 20 * MiB}) {  // the pool has addresses of its own
        static_cast<void>(manager.make_buffer<std::uint8_t>("in the pool", bytes, GpuMemoryManager::unbounded()));
    }
    const auto large = manager.make_buffer<float>("large", 9 * MiB, GpuMemoryManager::unbounded());
    large.fill(2.0F);
    for (const bool stable : {true, false}) {
        BufferConfig config = GpuMemoryManager::unbounded();
        config.stable_address = stable;
        const auto before = sim.ledger().reservations;
        for (std::uint64_t nth : {1U, 2U, 3U}) sim.fail(Verb::address_reserve, nth, cuda_error::out_of_memory);
        const auto made = manager.make_buffer<float>("x", stable ? 1000 : 9 * MiB, config);
        sim.clear_failures();
        BOOST_TEST(sim.ledger().reservations == before);
        BOOST_TEST((made.download() == std::vector<float>(made.size())));
    }
    for (std::uint64_t nth : {1U, 2U, 3U}) sim.fail(Verb::address_reserve, nth, cuda_error::out_of_memory);
    const auto moved = manager.make_buffer<float>("y", 8 * MiB - 1, GpuMemoryManager::unbounded());
    moved.fill(3.0F);
    moved.ensure_capacity(9 * MiB);
    sim.clear_failures();
    BOOST_TEST(moved.download()[8 * MiB - 2] == 3.0F);
    BOOST_TEST(large.download()[0] == 2.0F);
}

BOOST_AUTO_TEST_CASE(a_stable_address_is_never_left_and_says_what_ran_out) {
    const auto made = manager.make_buffer<float>("x", 1000, [] {
        BufferConfig config = GpuMemoryManager::unbounded();
        config.stable_address = true;
        return config;
    }());
    const float* const at = made.data();
    sim.fail(Verb::address_reserve, 1, cuda_error::out_of_memory);
    made.ensure_capacity(32 * MiB);
    BOOST_TEST(made.data() == at);
    sim.clear_failures();
    // With no addresses but those for its size.
    for (std::uint64_t nth : {1U, 2U}) sim.fail(Verb::address_reserve, nth, cuda_error::out_of_memory);
    BufferConfig config = mapped();
    config.max_size_bytes = 16 * MiB;
    const auto tight = manager.make_buffer<float>("tight", 1 * MiB, config);
    sim.clear_failures();
    const float* const there = tight.data();
    const std::string what = message_of<out_of_memory>([&] { tight.ensure_capacity(2 * MiB); });
    BOOST_TEST(mentions(what, "'tight'"), what);
    BOOST_TEST(mentions(what, "4 MiB (4194304 bytes) of addresses are reserved"), what);
    BOOST_TEST(!mentions(what, "has no memory left"), what);
    BOOST_TEST(tight.data() == there);
    BOOST_TEST(tight.capacity() == 1 * MiB);
}

// ---- order: the other side is late, so that only a missing wait is seen
BOOST_FIXTURE_TEST_CASE(a_growth_that_is_dropped_waits_for_its_zeroes_before_their_memory_goes, OnLateManager) {
    const auto made = manager.make_buffer<float>("x", 1 * MiB, mapped());
    for (const std::size_t bytes : {20 * MiB, 4 * MiB + 100 * KiB}) {
        Shortage shortage;
        GrowthSet dropped(*manager.core()->resources, StreamOrder::on(stream.handle()), 1, shortage);
        dropped.require(made, bytes);
        dropped.finish();
    }
    manager.trim();
    stream.synchronize();  // would tell of zeroes for memory that is gone
    BOOST_TEST(made.capacity() == 1 * MiB);
}

BOOST_FIXTURE_TEST_CASE(a_dropped_growth_within_the_block_zeroes_nothing_later, OnReusedBlock) {
    const auto made = manager.make_buffer<unsigned char>("x", most, exact());
    {
        Shortage shortage;
        GrowthSet dropped(*manager.core()->resources, StreamOrder::on(stream.handle()), 1, shortage);
        dropped.require(made, room);
        dropped.finish();
    }
    const Stream other(sim);
    made.ensure_capacity(room, other.handle());
    made.fill(7, other.handle());
    other.synchronize();
    stream.synchronize();
    BOOST_TEST((made.download() == std::vector<unsigned char>(room, 7)));
}

BOOST_AUTO_TEST_CASE(a_maximum_is_kept_and_named) {
    BufferConfig config;
    config.max_size_bytes = 10000;
    const auto made = manager.allocate<float>("x", 2000, config);
    made.ensure_capacity(2500);
    BOOST_TEST(made.capacity_bytes() == 10000U);
    const std::string what = message_of<max_size_exceeded>([&] { made.ensure_capacity(2501); });
    BOOST_TEST(mentions(what, "Required size 10004 exceeds maximum buffer size 10000 for x\n"), what);
    BOOST_TEST(mentions(what, "BufferConfig::max_size_bytes is 9.8 KiB (10000 bytes)"), what);
    BOOST_TEST(made.size() == 2500U);
    BOOST_CHECK_THROW(manager.allocate<float>("y", 2501, config), max_size_exceeded);
    BOOST_TEST(!manager.contains("y"));
    BOOST_TEST(manager.stats().buffer_count == 1U);
}

BOOST_AUTO_TEST_CASE(a_growth_that_is_dropped_leaves_no_trace) {
    for (const BufferConfig& config : {BufferConfig{}, mapped()}) {
        const auto made = manager.make_buffer<float>("x", 1 * MiB, config);
        made.fill(6.0F);
        float* const at = made.data();
        manager.trim();
        const auto bytes = sim.ledger().chunk_bytes;
        {
            Shortage shortage;
            GrowthSet dropped(*manager.core()->resources, StreamOrder::on(stream.handle()), 1, shortage);
            dropped.require_filled(made, 6 * MiB * sizeof(float), 0, 0, 0);
            dropped.finish();
            BOOST_TEST(manager.total_allocated_bytes() == 4 * MiB);  // not there yet
            BOOST_TEST(manager.core()->memory.total() == 24 * MiB);  // but spoken for
        }
        manager.trim();
        BOOST_TEST(sim.ledger().chunk_bytes == bytes);
        BOOST_TEST(made.data() == at);
        BOOST_TEST(made.capacity() == 1 * MiB);
        BOOST_TEST(made.download()[1 * MiB - 1] == 6.0F);
        BOOST_TEST(manager.total_allocated_bytes() == 4 * MiB);
        BOOST_TEST(manager.stats().peak_allocated_bytes == 4 * MiB);
        BOOST_TEST(manager.stats().resize_count == 0U);
    }
}

BOOST_AUTO_TEST_CASE(without_virtual_memory_large_buffers_grow_by_a_copy) {
    sim::SimOptions options = small();
    options.virtual_memory = false;
    OnManager on(GpuMemoryManager::default_limit_bytes, options);
    const auto made = on.manager.allocate<float>("x", map_threshold_bytes / 4);
    made.fill(2.0F);
    made.ensure_capacity(made.size() + 1);
    std::vector<float> ends(1);
    made.download_at(map_threshold_bytes / 4 - 1, ends);
    BOOST_TEST(ends[0] == 2.0F);
    made.download_at(map_threshold_bytes / 4, ends);
    BOOST_TEST(ends[0] == 0.0F);
    BOOST_TEST(on.sim.calls(Verb::address_reserve) == 0U);
}

BOOST_AUTO_TEST_CASE(a_growth_on_a_stream_that_is_gone_changes_nothing) {
    const auto made = manager.allocate<float>("x", 1000);
    StreamHandle gone = nullptr;
    BOOST_TEST(sim.stream_create(gone).ok());
    BOOST_TEST(sim.stream_destroy(gone).ok());
    BOOST_CHECK_THROW(made.ensure_capacity(5000, gone), invalid_argument);
    BOOST_TEST(made.capacity() == 1000U);
    BOOST_TEST(manager.total_allocated_bytes() == 4000U);
    expected_misuse = sim.misuse().size();
    BOOST_TEST(expected_misuse > 0U);
}

BOOST_AUTO_TEST_SUITE_END()
