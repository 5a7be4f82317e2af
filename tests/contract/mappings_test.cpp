// SPDX-License-Identifier: Apache-2.0
// Physical chunks and what is mapped where.
#include "contract.hpp"

#include <algorithm>

CONTRACT_SUITE(mappings)

namespace {

std::vector<unsigned char> repeated(std::size_t bytes, unsigned char byte) {
    return std::vector<unsigned char>(bytes, byte);
}

char* at(void* base, std::size_t offset) { return static_cast<char*>(base) + offset; }

}  // namespace

CONTRACT_TEST(a_mapped_chunk_holds_bytes_from_its_first_to_its_last, virtual_memory) {
    const std::size_t bytes = 2 * device.properties().chunk_granularity;
    void* const base = make_reservation(2 * bytes);
    map_chunk(base, make_chunk(bytes), bytes);
    std::vector<unsigned char> sent(bytes);
    for (std::size_t i = 0; i < bytes; ++i) sent[i] = static_cast<unsigned char>(i * 7 + i / 4096);
    std::vector<unsigned char> got(bytes);
    write(base, sent.data(), bytes);
    read(got.data(), base, bytes);
    BOOST_TEST((got == sent));
}

CONTRACT_TEST(a_second_chunk_behind_the_first_keeps_its_contents_and_address, virtual_memory) {
    const std::size_t bytes = device.properties().chunk_granularity;
    void* const base = make_reservation(8 * bytes);
    map_chunk(base, make_chunk(bytes), bytes);
    BOOST_TEST(ok(device.fill(base, 0x61, 1, bytes, nullptr)));
    map_chunk(at(base, bytes), make_chunk(2 * bytes), 2 * bytes);
    BOOST_TEST(ok(device.fill(at(base, bytes), 0x62, 1, 2 * bytes, nullptr)));
    std::vector<unsigned char> got(3 * bytes);
    read(got.data(), base, got.size());  // across the seam between the two
    const auto seam = got.begin() + static_cast<std::ptrdiff_t>(bytes);
    BOOST_TEST(std::all_of(got.begin(), seam, [](unsigned char byte) { return byte == 0x61; }));
    BOOST_TEST(std::all_of(seam, got.end(), [](unsigned char byte) { return byte == 0x62; }));
}

CONTRACT_TEST(work_across_two_chunks_is_one_piece_of_work, virtual_memory) {
    const std::size_t bytes = device.properties().chunk_granularity;
    void* const base = make_reservation(2 * bytes);
    map_chunk(base, make_chunk(bytes), bytes);
    map_chunk(at(base, bytes), make_chunk(bytes), bytes);
    const auto sent = repeated(1000, 0x42);
    std::vector<unsigned char> got(1000);
    BOOST_TEST(ok(device.fill(base, 0, 4, 2 * bytes / 4, nullptr)));
    write(at(base, bytes - 500), sent.data(), sent.size());
    BOOST_TEST(ok(device.copy(at(base, bytes + 1000), at(base, bytes - 500), 1000, nullptr)));
    read(got.data(), at(base, bytes + 1000), 1000);
    BOOST_TEST((got == sent));
}

CONTRACT_TEST(a_chunk_mapped_at_another_address_keeps_its_contents, virtual_memory) {
    const std::size_t bytes = device.properties().chunk_granularity;
    void* const first = make_reservation(bytes);
    void* const second = make_reservation(2 * bytes);
    const ChunkHandle chunk = make_chunk(bytes);
    BOOST_TEST_REQUIRE(ok(device.map(first, chunk, bytes)));
    BOOST_TEST_REQUIRE(ok(device.set_access(first, bytes)));
    const auto sent = repeated(bytes, 0x35);
    write(first, sent.data(), bytes);
    BOOST_TEST_REQUIRE(ok(device.unmap(first, bytes)));
    map_chunk(at(second, bytes), chunk, bytes);
    std::vector<unsigned char> got(bytes);
    read(got.data(), at(second, bytes), bytes);
    BOOST_TEST((got == sent));
}

CONTRACT_TEST(a_chunk_released_while_mapped_lives_until_it_is_unmapped, virtual_memory) {
    const std::size_t bytes = 8 * device.properties().chunk_granularity;
    void* const base = make_reservation(bytes);
    ChunkHandle chunk = 0;
    BOOST_TEST_REQUIRE(ok(device.chunk_create(chunk, bytes)));
    BOOST_TEST_REQUIRE(ok(device.map(base, chunk, bytes)));
    BOOST_TEST_REQUIRE(ok(device.set_access(base, bytes)));
    BOOST_TEST_REQUIRE(ok(device.chunk_release(chunk)));
    DeviceMemoryInfo held;
    DeviceMemoryInfo gone;
    BOOST_TEST(ok(device.memory_info(held)));
    const auto sent = repeated(100, 0x21);
    std::vector<unsigned char> got(100);
    write(at(base, bytes - 100), sent.data(), 100);
    read(got.data(), at(base, bytes - 100), 100);
    BOOST_TEST((got == sent));
    BOOST_TEST(ok(device.unmap(base, bytes)));
    BOOST_TEST(ok(device.memory_info(gone)));
    BOOST_TEST(gone.free_bytes - held.free_bytes >= bytes);
}

CONTRACT_TEST(unmapping_the_tail_keeps_the_front, virtual_memory) {
    const std::size_t bytes = device.properties().chunk_granularity;
    void* const base = make_reservation(2 * bytes);
    map_chunk(base, make_chunk(bytes), bytes);
    const ChunkHandle tail = make_chunk(bytes);
    BOOST_TEST_REQUIRE(ok(device.map(at(base, bytes), tail, bytes)));
    BOOST_TEST_REQUIRE(ok(device.set_access(at(base, bytes), bytes)));
    BOOST_TEST(ok(device.fill(base, 0x51, 1, 2 * bytes, nullptr)));
    BOOST_TEST(ok(device.synchronize()));
    BOOST_TEST(ok(device.unmap(at(base, bytes), bytes)));
    std::vector<unsigned char> got(bytes);
    read(got.data(), base, bytes);
    BOOST_TEST((got == repeated(bytes, 0x51)));
}

CONTRACT_TEST(adjacent_mappings_take_access_and_unmapping_together, virtual_memory) {
    const std::size_t bytes = device.properties().chunk_granularity;
    void* const base = make_reservation(3 * bytes);
    for (std::size_t i = 0; i < 3; ++i)
        BOOST_TEST_REQUIRE(ok(device.map(at(base, i * bytes), make_chunk(bytes), bytes)));
    BOOST_TEST(ok(device.set_access(base, 3 * bytes)));
    BOOST_TEST(ok(device.fill(base, 0x71, 1, 3 * bytes, nullptr)));
    BOOST_TEST(ok(device.synchronize()));
    BOOST_TEST(ok(device.unmap(base, 3 * bytes)));
}

CONTRACT_TEST(an_address_serves_one_chunk_after_another, virtual_memory) {
    const std::size_t bytes = device.properties().chunk_granularity;
    void* const base = make_reservation(bytes);
    for (unsigned char round = 1; round < 5; ++round) {
        const ChunkHandle chunk = make_chunk(bytes);
        BOOST_TEST_REQUIRE(ok(device.map(base, chunk, bytes)));
        BOOST_TEST_REQUIRE(ok(device.set_access(base, bytes)));
        BOOST_TEST(ok(device.fill(base, round, 1, bytes, nullptr)));
        std::vector<unsigned char> got(bytes);
        read(got.data(), base, bytes);
        BOOST_TEST((got == repeated(bytes, round)));
        BOOST_TEST_REQUIRE(ok(device.unmap(base, bytes)));
    }
}
