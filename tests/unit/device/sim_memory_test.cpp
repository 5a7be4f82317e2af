// SPDX-License-Identifier: Apache-2.0
// The simulated device's memory: poison, faults, capacity, the ledger.
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstring>
#include <memory>
#include <vector>

#include <triune/base/error.hpp>
#include <triune/base/units.hpp>

#include "on_sim.hpp"
#include "touch.hpp"

using triune::MiB;
using triune::sim::OnSim;
using triune::sim::readable;
using triune::sim::SimDevice;

namespace {

constexpr std::size_t granule = 2 * MiB;

bool poisoned(const void* address, std::size_t bytes) {
    const auto* const front = static_cast<const unsigned char*>(address);
    return std::all_of(front, front + bytes, [](unsigned char byte) { return byte == 0xdb; });
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(sim_memory, OnSim)

BOOST_AUTO_TEST_CASE(fresh_memory_is_poisoned) {
    BOOST_TEST(poisoned(allocate(1000), 1000));
    void* pinned = nullptr;
    BOOST_TEST_REQUIRE(device.pinned_allocate(pinned, 1000).ok());
    BOOST_TEST(poisoned(pinned, 1000));
    void* const base = reserve(granule);
    map_fresh(base, granule);
    BOOST_TEST(poisoned(base, granule));
}

BOOST_AUTO_TEST_CASE(freed_memory_faults) {
    void* const memory = allocate(1000);
    BOOST_TEST(readable(memory));
    BOOST_TEST(device.memory_release(memory).ok());
    BOOST_TEST(!readable(memory));
    void* pinned = nullptr;
    BOOST_TEST_REQUIRE(device.pinned_allocate(pinned, 10).ok());
    BOOST_TEST(device.pinned_release(pinned).ok());
    BOOST_TEST(!readable(pinned));
}

BOOST_AUTO_TEST_CASE(freed_memory_is_not_handed_out_again) {
    void* const freed = allocate(1000);
    BOOST_TEST(device.memory_release(freed).ok());
    for (int i = 0; i < 100; ++i) {
        void* const next = allocate(1000);
        BOOST_TEST(next != freed);
        BOOST_TEST(device.memory_release(next).ok());
    }
}

BOOST_AUTO_TEST_CASE(the_first_byte_behind_an_allocation_faults) {
    // All made first: a neighbour must not stand where the fault belongs.
    constexpr std::size_t sizes[] = {256, 4096, 10240};
    std::vector<const char*> made;
    for (const std::size_t bytes : sizes) made.push_back(static_cast<const char*>(allocate(bytes)));
    for (std::size_t i = 0; i < made.size(); ++i) {
        BOOST_TEST(readable(made[i] + sizes[i] - 1));
        BOOST_TEST(!readable(made[i] + sizes[i]));
    }
}

BOOST_AUTO_TEST_CASE(mapped_memory_is_touched_only_between_set_access_and_unmap) {
    void* const base = reserve(granule);
    BOOST_TEST(!readable(base));
    const auto made = chunk(granule);
    BOOST_TEST(device.map(base, made, granule).ok());
    BOOST_TEST(!readable(base));
    BOOST_TEST(device.set_access(base, granule).ok());
    BOOST_TEST(readable(base));
    BOOST_TEST(device.unmap(base, granule).ok());
    BOOST_TEST(!readable(base));
}

// Larger than what mmap happens to align to by itself.
BOOST_AUTO_TEST_CASE(reservations_begin_at_multiples_of_a_large_granularity_too) {
    constexpr std::size_t large = std::size_t{1} << 30;
    SimDevice coarse({.chunk_granularity = large});
    for (int i = 0; i < 4; ++i) {
        void* address = nullptr;
        BOOST_TEST_REQUIRE(coarse.address_reserve(address, large).ok());
        BOOST_TEST(reinterpret_cast<std::uintptr_t>(address) % large == 0U);
    }
}

BOOST_AUTO_TEST_CASE(a_chunk_at_two_addresses_is_one_memory) {
    void* const first = reserve(granule);
    void* const second = reserve(granule);
    const auto made = map_fresh(first, granule);
    BOOST_TEST(device.map(second, made, granule).ok());
    BOOST_TEST(device.set_access(second, granule).ok());
    std::strcpy(static_cast<char*>(first), "here");
    BOOST_TEST(static_cast<const char*>(second) == std::string("here"));
}

BOOST_AUTO_TEST_CASE(chunks_and_allocations_share_the_capacity) {
    SimDevice small({.capacity_bytes = 3 * granule});
    triune::ChunkHandle made = 0;
    void* memory = nullptr;
    BOOST_TEST(small.chunk_create(made, 2 * granule).ok());
    BOOST_TEST(small.memory_allocate(memory, granule + 1).cuda_error == triune::cuda_error::out_of_memory);
    BOOST_TEST(small.memory_allocate(memory, granule).ok());
    triune::ChunkHandle refused = 5;
    BOOST_TEST(small.chunk_create(refused, granule).cuda_error == triune::cuda_error::out_of_memory);
    BOOST_TEST(refused == 5U);
    BOOST_TEST(small.chunk_release(made).ok());
    BOOST_TEST(small.chunk_create(refused, granule).ok());
    triune::DeviceMemoryInfo info;
    BOOST_TEST(small.memory_info(info).ok());
    BOOST_TEST(info.free_bytes == granule);
    BOOST_TEST(info.total_bytes == 3 * granule);
}

BOOST_AUTO_TEST_CASE(more_chunks_than_a_process_may_open_files_fit) {
    SimDevice many({.chunk_granularity = 4096});
    std::vector<triune::ChunkHandle> chunks(30'000);
    for (auto& made : chunks) BOOST_TEST_REQUIRE(many.chunk_create(made, 4096).ok());
    BOOST_TEST(many.ledger().chunks == 30'000U);
    for (const auto made : chunks) BOOST_TEST_REQUIRE(many.chunk_release(made).ok());
}

BOOST_AUTO_TEST_CASE(the_ledger_counts_what_is_alive) {
    BOOST_TEST(device.ledger().balanced());
    BOOST_TEST(device.ledger().describe() == "nothing is alive");
    void* const memory = allocate(100);
    void* const base = reserve(4 * granule);
    const auto made = map_fresh(base, granule);
    const auto ledger = device.ledger();
    BOOST_TEST(!ledger.balanced());
    BOOST_TEST(ledger.allocations == 1U);
    BOOST_TEST(ledger.allocated_bytes == 100U);
    BOOST_TEST(ledger.reserved_bytes == 4 * granule);
    BOOST_TEST(ledger.chunk_bytes == granule);
    BOOST_TEST(ledger.mappings == 1U);
    BOOST_TEST(ledger.describe() ==
               "1 reservations of 8388608 bytes, 1 chunks of 2097152 bytes, 1 mappings, 1 allocations of 100 bytes");
    BOOST_TEST(device.memory_release(memory).ok());
    BOOST_TEST(device.chunk_release(made).ok());
    BOOST_TEST(device.ledger().chunks == 1U);  // lives in its mapping
    BOOST_TEST(device.unmap(base, granule).ok());
    BOOST_TEST(device.address_release(base, 4 * granule).ok());
    BOOST_TEST(device.ledger().balanced(), device.ledger().describe());
}

BOOST_AUTO_TEST_CASE(a_granularity_that_cannot_be_mapped_is_refused) {
    for (const std::size_t bytes : {std::size_t{0}, std::size_t{1000}, std::size_t{3} << 20}) {
        BOOST_CHECK_THROW(std::make_unique<SimDevice>(triune::sim::SimOptions{.chunk_granularity = bytes}),
                          triune::invalid_argument);
    }
}

BOOST_AUTO_TEST_SUITE_END()
