// SPDX-License-Identifier: Apache-2.0
// Reserved addresses.
#include "contract.hpp"

#include <cstdint>

CONTRACT_SUITE(reservations)

CONTRACT_TEST(a_reservation_begins_at_a_multiple_of_the_granularity, virtual_memory) {
    const std::size_t granularity = device.properties().chunk_granularity;
    for (const std::size_t count : {std::size_t{1}, std::size_t{3}, std::size_t{100}}) {
        const auto address = reinterpret_cast<std::uintptr_t>(make_reservation(count * granularity));
        BOOST_TEST(address != 0U);
        BOOST_TEST(address % granularity == 0U);
    }
}

CONTRACT_TEST(a_reservation_costs_addresses_and_no_memory, virtual_memory) {
    DeviceMemoryInfo before;
    DeviceMemoryInfo after;
    BOOST_TEST(ok(device.memory_info(before)));
    make_reservation(std::size_t{1} << 40);
    BOOST_TEST(ok(device.memory_info(after)));
    BOOST_TEST(before.free_bytes - after.free_bytes < device.properties().chunk_granularity);
}

CONTRACT_TEST(reservations_do_not_overlap, virtual_memory) {
    const std::size_t bytes = 4 * device.properties().chunk_granularity;
    const auto first = reinterpret_cast<std::uintptr_t>(make_reservation(bytes));
    const auto second = reinterpret_cast<std::uintptr_t>(make_reservation(bytes));
    BOOST_TEST((first + bytes <= second || second + bytes <= first));
}

CONTRACT_TEST(a_released_reservation_can_be_had_again, virtual_memory) {
    const std::size_t bytes = std::size_t{1} << 40;
    for (int i = 0; i < 20; ++i) {
        void* address = nullptr;
        BOOST_TEST_REQUIRE(ok(device.address_reserve(address, bytes)));
        BOOST_TEST_REQUIRE(ok(device.address_release(address, bytes)));
    }
}

CONTRACT_TEST(no_bytes_are_reserved_or_made_by_a_success_that_does_nothing, virtual_memory) {
    void* address = &address;
    ChunkHandle chunk = 77;
    BOOST_TEST(ok(device.address_reserve(address, 0)));
    BOOST_TEST(ok(device.address_release(nullptr, 0)));
    BOOST_TEST(ok(device.chunk_create(chunk, 0)));
    BOOST_TEST(ok(device.map(nullptr, chunk, 0)));
    BOOST_TEST(ok(device.set_access(nullptr, 0)));
    BOOST_TEST(ok(device.unmap(nullptr, 0)));
    BOOST_TEST(address == &address);
    BOOST_TEST(chunk == 77U);
}

CONTRACT_TEST(without_the_capability_the_address_verbs_say_so) {
    if (device.properties().virtual_memory) return;  // the other side of it is the rest of this file
    const std::size_t bytes = device.properties().chunk_granularity;
    void* address = nullptr;
    ChunkHandle chunk = 0;
    BOOST_TEST(fails_with(device.address_reserve(address, bytes), cuda_error::not_supported));
    BOOST_TEST(fails_with(device.address_release(address, bytes), cuda_error::not_supported));
    BOOST_TEST(fails_with(device.chunk_create(chunk, bytes), cuda_error::not_supported));
    BOOST_TEST(fails_with(device.chunk_release(chunk), cuda_error::not_supported));
    BOOST_TEST(fails_with(device.map(address, chunk, bytes), cuda_error::not_supported));
    BOOST_TEST(fails_with(device.set_access(address, bytes), cuda_error::not_supported));
    BOOST_TEST(fails_with(device.unmap(address, bytes), cuda_error::not_supported));
}
