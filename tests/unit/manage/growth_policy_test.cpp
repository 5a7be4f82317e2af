// SPDX-License-Identifier: Apache-2.0
// Which way a buffer grows.
#include <boost/test/unit_test.hpp>

#include <limits>

#include <triune/detail/manage/growth_policy.hpp>
#include <triune/detail/manage/manager_core.hpp>

#include "on_manager.hpp"

using namespace triune;

namespace {

struct OnStorage : OnManager {
    DeviceResources& resources = *manager.core()->resources;
    DeviceProperties device = sim.properties();

    GrowthTier tier(const Storage& storage, std::size_t capacity, const BufferConfig& config = {}) const {
        return growth_tier(storage, capacity, config, device);
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(growth_policy, OnStorage)

BOOST_AUTO_TEST_CASE(small_buffers_move_to_a_new_block_and_large_ones_to_an_arena) {
    BOOST_TEST((tier({}, 100) == GrowthTier::copy));
    BOOST_TEST((tier({}, map_threshold_bytes - 1) == GrowthTier::copy));
    BOOST_TEST((tier({}, map_threshold_bytes) == GrowthTier::map));
    BOOST_TEST(map_threshold_bytes <= 64 * MiB);
}

BOOST_AUTO_TEST_CASE(a_buffer_at_its_maximum_gets_no_arena_since_it_will_not_grow_again) {
    BufferConfig config;
    config.max_size_bytes = 40 * MiB;
    BOOST_TEST((tier({}, 40 * MiB, config) == GrowthTier::copy));
    BOOST_TEST((tier({}, 39 * MiB, config) == GrowthTier::map));
}

BOOST_AUTO_TEST_CASE(a_stable_address_is_mapped_from_the_first_byte) {
    BOOST_TEST((tier({}, 1, mapped()) == GrowthTier::map));
}

BOOST_AUTO_TEST_CASE(a_device_without_virtual_memory_always_copies) {
    device.virtual_memory = false;
    BOOST_TEST((tier({}, map_threshold_bytes) == GrowthTier::copy));
    BOOST_TEST((tier({}, 1, mapped()) == GrowthTier::copy));
}

BOOST_AUTO_TEST_CASE(room_in_a_block_or_an_arena_is_used_first) {
    Storage block = Storage::pooled(resources, 100, stream.handle());
    BOOST_TEST((tier(block, 256) == GrowthTier::within));
    BOOST_TEST((tier(block, 257) == GrowthTier::copy));
    block.release(resources, StreamOrder::on(stream.handle()));
    Storage arena = Storage::mapped(resources, 1 * MiB, 8 * MiB);
    BOOST_TEST((tier(arena, 2 * MiB) == GrowthTier::within));
    BOOST_TEST((tier(arena, 3 * MiB) == GrowthTier::extend));
    BOOST_TEST((tier(arena, 8 * MiB) == GrowthTier::extend));
    BOOST_TEST((tier(arena, 9 * MiB) == GrowthTier::map));
    arena.release(resources, StreamOrder::on(stream.handle()));
}

BOOST_AUTO_TEST_CASE(addresses_are_reserved_for_what_a_buffer_may_become) {
    device.total_bytes = 141 * GiB;
    BufferConfig config;
    const auto reserved = [&](std::size_t bytes, bool outgrown = false, std::size_t already = 0) {
        return reserve_bytes(bytes, config, device, already, outgrown);
    };
    config.max_size_bytes = 40 * MiB;
    BOOST_TEST(reserved(1 * MiB) == 40 * MiB);
    config.max_size_bytes = std::numeric_limits<std::size_t>::max();
    BOOST_TEST(reserved(32 * MiB) == 256 * MiB);  // some times its size
    BOOST_TEST(reserved(33 * MiB) == 512 * MiB);
    BOOST_TEST(reserved(257 * MiB, true) == device.total_bytes);  // moved once
    BOOST_TEST(reserved(100 * GiB) == device.total_bytes);
    BOOST_TEST(reserved(device.total_bytes + 1) == device.total_bytes + 1);
    config.stable_address = true;
    BOOST_TEST(reserved(4000) == device.total_bytes);
    BOOST_TEST(reserved(4000, false, process_addresses / 2) == 128 * GiB);
    BOOST_TEST(reserved(4000, false, process_addresses - 512 * MiB) == 1 * MiB);
    BOOST_TEST(reserved(4000, false, process_addresses) == 4000U);
    BOOST_TEST(reserved(4000, false, process_addresses + 1) == 4000U);
}

BOOST_AUTO_TEST_CASE(thousands_of_stable_addresses_of_a_large_device_fit_a_process) {
    device.total_bytes = 141 * GiB;
    BufferConfig config = GpuMemoryManager::unbounded();
    config.stable_address = true;
    std::size_t reserved = 0;
    std::size_t last = 0;
    for (int i = 0; i < 10'000; ++i) reserved += last = reserve_bytes(4000, config, device, reserved, false);
    BOOST_TEST(reserved < process_addresses);
    reserved = 0;
    for (int i = 0; i < 4'000; ++i) reserved += last = reserve_bytes(4000, config, device, reserved, false);
    BOOST_TEST(last >= 64 * MiB);
}

BOOST_AUTO_TEST_SUITE_END()
