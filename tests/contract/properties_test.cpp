// SPDX-License-Identifier: Apache-2.0
// What a device says of itself.
#include "contract.hpp"

#include <bit>

#include <triune/base/units.hpp>

CONTRACT_SUITE(properties)

CONTRACT_TEST(a_device_says_what_it_is) {
    const DeviceProperties& properties = device.properties();
    BOOST_TEST(!properties.name.empty());
    BOOST_TEST(properties.total_bytes > 0U);
    BOOST_TEST(std::has_single_bit(properties.chunk_granularity));
}

CONTRACT_TEST(free_memory_is_within_the_total) {
    DeviceMemoryInfo info;
    BOOST_TEST(ok(device.memory_info(info)));
    BOOST_TEST(info.total_bytes > 0U);
    BOOST_TEST(info.free_bytes > 0U);
    BOOST_TEST(info.free_bytes <= info.total_bytes);
}

CONTRACT_TEST(free_memory_moves_with_chunks, virtual_memory) {
    const std::size_t bytes = 16 * device.properties().chunk_granularity;
    DeviceMemoryInfo before;
    DeviceMemoryInfo during;
    DeviceMemoryInfo after;
    BOOST_TEST(ok(device.memory_info(before)));
    ChunkHandle chunk = 0;
    BOOST_TEST_REQUIRE(ok(device.chunk_create(chunk, bytes)));
    BOOST_TEST(ok(device.memory_info(during)));
    BOOST_TEST(ok(device.chunk_release(chunk)));
    BOOST_TEST(ok(device.memory_info(after)));
    BOOST_TEST(before.free_bytes - during.free_bytes >= bytes);
    BOOST_TEST(after.free_bytes - during.free_bytes >= bytes);
}

CONTRACT_TEST(free_memory_moves_with_plain_allocations) {
    const std::size_t bytes = 32 * MiB;
    DeviceMemoryInfo before;
    DeviceMemoryInfo during;
    DeviceMemoryInfo after;
    BOOST_TEST(ok(device.memory_info(before)));
    void* memory = nullptr;
    BOOST_TEST_REQUIRE(ok(device.memory_allocate(memory, bytes)));
    BOOST_TEST(ok(device.memory_info(during)));
    BOOST_TEST(ok(device.memory_release(memory)));
    BOOST_TEST(ok(device.memory_info(after)));
    BOOST_TEST(before.free_bytes - during.free_bytes >= bytes);
    BOOST_TEST(after.free_bytes - during.free_bytes >= bytes);
}

CONTRACT_TEST(a_device_is_no_peer_of_itself) {
    bool possible = true;
    BOOST_TEST(ok(device.peer_access(device.properties().ordinal, possible)));
    BOOST_TEST(!possible);
}

CONTRACT_TEST(a_peer_that_is_not_there_is_an_error_and_no_answer) {
    bool possible = true;
    BOOST_TEST(!device.peer_access(-1, possible).ok());
    BOOST_TEST(possible);
}
