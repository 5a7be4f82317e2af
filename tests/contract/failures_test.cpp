// SPDX-License-Identifier: Apache-2.0
// Failures: nothing changed, nothing left behind.
#include "contract.hpp"

CONTRACT_SUITE(failures)

namespace {
constexpr std::size_t too_much = std::size_t{1} << 50;
}

CONTRACT_TEST(an_allocation_beyond_the_device_is_refused_and_changes_nothing) {
    void* memory = &memory;
    BOOST_TEST(fails_with(device.memory_allocate(memory, too_much), cuda_error::out_of_memory));
    BOOST_TEST(memory == &memory);
    make_memory(1000);
}

CONTRACT_TEST(a_chunk_beyond_the_device_is_refused_and_changes_nothing, virtual_memory) {
    ChunkHandle chunk = 99;
    BOOST_TEST(fails_with(device.chunk_create(chunk, too_much), cuda_error::out_of_memory));
    BOOST_TEST(chunk == 99U);
    make_chunk(device.properties().chunk_granularity);
}

CONTRACT_TEST(a_size_between_two_granules_is_refused, virtual_memory) {
    const std::size_t granularity = device.properties().chunk_granularity;
    void* address = &address;
    ChunkHandle chunk = 99;
    BOOST_TEST(fails_with(device.address_reserve(address, granularity + 1), cuda_error::invalid_value));
    BOOST_TEST(fails_with(device.chunk_create(chunk, granularity + 1), cuda_error::invalid_value));
    BOOST_TEST(address == &address);
    BOOST_TEST(chunk == 99U);
}

CONTRACT_TEST(a_failure_is_not_met_a_second_time) {
    const StreamHandle stream = make_stream();
    auto* const seen = make_pinned<unsigned char>(1);
    void* const cell = make_memory(1);
    void* memory = nullptr;
    *seen = 0;
    for (int i = 0; i < 3; ++i) BOOST_TEST(!device.memory_allocate(memory, too_much).ok());
    BOOST_TEST(!device.fill(cell, 1, 3, 1, stream).ok());
    BOOST_TEST(ok(device.fill(cell, 12, 1, 1, stream)));
    BOOST_TEST(ok(device.copy(seen, cell, 1, stream)));
    BOOST_TEST(ok(device.stream_synchronize(stream)));
    BOOST_TEST(ok(device.synchronize()));
    BOOST_TEST(*seen == 12);
}

CONTRACT_TEST(a_failure_names_the_call_that_failed) {
    void* memory = nullptr;
    const Status status = device.memory_allocate(memory, too_much);
    BOOST_TEST(!status.ok());
    BOOST_TEST(std::strlen(status.verb) > 0U);
    BOOST_TEST(std::strlen(success.verb) == 0U);
}
