// SPDX-License-Identifier: Apache-2.0
// Copies and fills on the simulated device that leave their memory, when queued or by the time they run.
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <string>
#include <vector>

#include <triune/base/units.hpp>

#include "on_sim.hpp"

using triune::MiB;
using triune::sim::OnSim;
using triune::sim::SimDevice;
namespace cuda_error = triune::cuda_error;

namespace {
constexpr std::size_t granule = 2 * MiB;
}

BOOST_FIXTURE_TEST_SUITE(sim_copies, OnSim)

BOOST_AUTO_TEST_CASE(a_copy_that_leaves_its_allocation_is_refused) {
    char* const memory = static_cast<char*>(allocate(1000));
    char host[2000] = {};
    BOOST_TEST(device.copy(memory, host, 1001, nullptr).cuda_error == cuda_error::illegal_address);
    BOOST_TEST(reported("copy to 1001 bytes"));
    BOOST_TEST(device.copy(host, memory + 999, 2, nullptr).cuda_error == cuda_error::illegal_address);
    BOOST_TEST(reported("copy from 2 bytes"));
    BOOST_TEST(device.copy(host, memory - 1, 2, nullptr).cuda_error == cuda_error::illegal_address);
    BOOST_TEST(device.fill(memory + 996, 0, 4, 2, nullptr).cuda_error == cuda_error::illegal_address);
    BOOST_TEST(device.copy(memory, host, 1000, nullptr).ok());
    BOOST_TEST(device.synchronize().ok());
}

BOOST_AUTO_TEST_CASE(a_copy_to_reserved_addresses_needs_mapping_and_access) {
    char* const base = static_cast<char*>(reserve(2 * granule));
    const char host[16] = {};
    BOOST_TEST(device.copy(base, host, 16, nullptr).cuda_error == cuda_error::illegal_address);
    const auto made = chunk(granule);
    BOOST_TEST(device.map(base, made, granule).ok());
    BOOST_TEST(device.copy(base, host, 16, nullptr).cuda_error == cuda_error::illegal_address);
    BOOST_TEST(device.set_access(base, granule).ok());
    BOOST_TEST(device.copy(base, host, 16, nullptr).ok());
    BOOST_TEST(device.copy(base + granule - 8, host, 16, nullptr).cuda_error == cuda_error::illegal_address);
    BOOST_TEST(device.synchronize().ok());
}

BOOST_AUTO_TEST_CASE(a_copy_from_freed_addresses_is_refused) {
    char host[16];
    void* const memory = allocate(16);
    BOOST_TEST(device.memory_release(memory).ok());
    void* const base = reserve(granule);
    BOOST_TEST(device.address_release(base, granule).ok());
    void* pinned = nullptr;
    BOOST_TEST(device.pinned_allocate(pinned, 16).ok());
    BOOST_TEST(device.pinned_release(pinned).ok());
    for (const void* const freed : {memory, base, pinned}) {
        BOOST_TEST(device.copy(host, freed, 16, nullptr).cuda_error == cuda_error::illegal_address);
    }
}

BOOST_AUTO_TEST_CASE(memory_unmapped_before_its_work_runs_is_reported_once) {
    void* const base = reserve(granule);
    map_fresh(base, granule);
    const auto used = stream();
    char host[16] = "unchanged";
    device.hold_streams();
    BOOST_TEST(device.copy(host, base, 16, used).ok());
    BOOST_TEST(device.unmap(base, granule).ok());
    device.release_streams();
    BOOST_TEST(device.stream_synchronize(nullptr).ok());
    BOOST_TEST(device.stream_synchronize(used).cuda_error == cuda_error::illegal_address);
    BOOST_TEST(reported("use after free"));
    BOOST_TEST(host == std::string("unchanged"));
    BOOST_TEST(device.stream_synchronize(used).ok());
    BOOST_TEST(device.synchronize().ok());
}

BOOST_AUTO_TEST_CASE(other_memory_at_the_same_address_is_use_after_free_too) {
    void* const base = reserve(granule);
    map_fresh(base, granule);
    device.hold_streams();
    BOOST_TEST(device.fill(base, 0, 1, 16, nullptr).ok());
    BOOST_TEST(device.unmap(base, granule).ok());
    map_fresh(base, granule);
    device.release_streams();
    BOOST_TEST(device.synchronize().cuda_error == cuda_error::illegal_address);
    BOOST_TEST(*static_cast<unsigned char*>(base) == 0xdb);
}

BOOST_AUTO_TEST_CASE(zeroes_for_memory_that_is_freed_before_they_are_written_are_use_after_free) {
    void* const base = reserve(granule);
    map_fresh(base, granule);
    device.hold_streams();
    const triune::CopyPiece piece{base, nullptr, 16};
    BOOST_TEST(device.copy_on_device({&piece, 1}, nullptr).ok());
    BOOST_TEST(device.unmap(base, granule).ok());
    map_fresh(base, granule);
    device.release_streams();
    BOOST_TEST(device.synchronize().cuda_error == cuda_error::illegal_address);
    BOOST_TEST(reported("use after free"));
    BOOST_TEST(*static_cast<unsigned char*>(base) == 0xdb);
}

BOOST_AUTO_TEST_CASE(the_error_of_a_destroyed_stream_reaches_the_device) {
    void* pinned = nullptr;
    BOOST_TEST(device.pinned_allocate(pinned, 16).ok());
    const auto used = stream();
    device.hold_streams();
    BOOST_TEST(device.fill(pinned, 0, 1, 16, used).ok());
    BOOST_TEST(device.pinned_release(pinned).ok());
    BOOST_TEST(device.stream_destroy(used).ok());
    device.release_streams();
    BOOST_TEST(device.synchronize().cuda_error == cuda_error::illegal_address);
    BOOST_TEST(device.synchronize().ok());
}

BOOST_AUTO_TEST_CASE(overlapping_ranges_are_copied_whole) {
    auto* const memory = static_cast<unsigned char*>(allocate(100));
    for (unsigned i = 0; i < 100; ++i) memory[i] = static_cast<unsigned char>(i);
    BOOST_TEST(device.copy(memory + 1, memory, 99, nullptr).ok());
    BOOST_TEST(device.synchronize().ok());
    for (unsigned i = 1; i < 100; ++i) BOOST_TEST(memory[i] == i - 1);
}

BOOST_AUTO_TEST_CASE(pageable_memory_is_read_when_the_copy_runs) {
    auto* const memory = static_cast<char*>(allocate(1));
    char source = 'a';
    device.hold_streams();
    BOOST_TEST(device.copy(memory, &source, 1, nullptr).ok());
    source = 'b';
    device.release_streams();
    BOOST_TEST(device.synchronize().ok());
    BOOST_TEST(*memory == 'b');
}

BOOST_AUTO_TEST_CASE(a_null_end_or_a_fill_of_pageable_memory_is_refused) {
    char host[16];
    BOOST_TEST(device.copy(host, nullptr, 16, nullptr).cuda_error == cuda_error::invalid_value);
    BOOST_TEST(device.copy(nullptr, host, 16, nullptr).cuda_error == cuda_error::invalid_value);
    BOOST_TEST(device.fill(host, 0, 1, 16, nullptr).cuda_error == cuda_error::invalid_value);
    char* const memory = static_cast<char*>(allocate(16));
    BOOST_TEST(device.fill(memory + 1, 0, 2, 4, nullptr).cuda_error == cuda_error::invalid_value);
}

// A lower bound only: a machine may always be slower than the model.
BOOST_AUTO_TEST_CASE(a_copy_over_the_link_takes_its_modelled_time) {
    SimDevice slow({.link_bytes_per_second = 1e6, .link_latency_seconds = 0.005});
    void* memory = nullptr;
    void* other = nullptr;
    BOOST_TEST(slow.memory_allocate(memory, 20'000).ok());
    BOOST_TEST(slow.memory_allocate(other, 20'000).ok());
    std::vector<char> host(20'000);
    const auto begin = std::chrono::steady_clock::now();
    BOOST_TEST(slow.copy(memory, host.data(), host.size(), nullptr).ok());
    BOOST_TEST(slow.synchronize().ok());
    BOOST_TEST(std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count() >= 0.025);
}

BOOST_AUTO_TEST_CASE(copies_by_the_device_are_refused_where_an_end_is_not_there_or_is_used_by_another) {
    char* const memory = static_cast<char*>(allocate(1024));
    char host[16] = {};
    void* pinned = nullptr;
    BOOST_TEST(device.pinned_allocate(pinned, 16).ok());
    const auto refused = [&](std::vector<triune::CopyPiece> pieces, const char* sentence) {
        const auto status = device.copy_on_device(pieces, nullptr);
        return !status.ok() && reported(sentence);
    };
    BOOST_TEST(refused({{memory, memory + 512, 16}, {memory + 1000, memory + 512, 25}}, "copy to 25 bytes"));
    BOOST_TEST(refused({{memory, host, 16}}, "it reads memory of the device"));
    BOOST_TEST(refused({{memory, pinned, 16}}, "it reads memory of the device"));
    BOOST_TEST(refused({{host, memory, 16}}, "and writes such memory or pinned memory"));
    BOOST_TEST(refused({{pinned, memory, 17}}, "copy to 17 bytes"));
    BOOST_TEST(refused({{memory, memory + 512, 16}, {memory + 15, memory + 600, 16}}, "another of its copies uses"));
    BOOST_TEST(refused({{memory, memory + 512, 16}, {memory + 100, memory, 16}}, "another of its copies uses"));
    BOOST_TEST(refused({{memory, nullptr, 16}, {memory + 1000, nullptr, 25}}, "zeroes to 25 bytes"));
    BOOST_TEST(refused({{nullptr, nullptr, 16}}, "zeroes to 16 bytes"));
    BOOST_TEST(refused({{host, nullptr, 16}}, "and writes such memory or pinned memory"));
    BOOST_TEST(refused({{memory, nullptr, 16}, {memory + 15, nullptr, 16}}, "another of its copies uses"));
    BOOST_TEST(refused({{memory, nullptr, 16}, {memory + 100, memory + 8, 16}}, "another of its copies uses"));
    BOOST_TEST(device.pinned_release(pinned).ok());
    BOOST_TEST(device.synchronize().ok());
}

BOOST_AUTO_TEST_SUITE_END()
