// Copies: every direction, odd sizes and places.
#include "contract.hpp"

#include <algorithm>

#include <triune/base/units.hpp>

#include "gate.hpp"

CONTRACT_SUITE(copies)

namespace {

// Distinct for neighbouring bytes and for neighbouring multiples of 256.
std::vector<unsigned char> pattern(std::size_t bytes, unsigned seed) {
    std::vector<unsigned char> made(bytes);
    for (std::size_t i = 0; i < bytes; ++i) made[i] = static_cast<unsigned char>(i * 31 + i / 256 + seed);
    return made;
}

constexpr std::size_t sizes[] = {1, 3, 255, 4096, 65537, 8 * MiB + 5};

}  // namespace

CONTRACT_TEST(bytes_pass_from_pageable_memory_through_the_device_and_back) {
    const StreamHandle stream = make_stream();
    for (const std::size_t bytes : sizes) {
        const auto sent = pattern(bytes, 1);
        std::vector<unsigned char> got(bytes);
        void* const first = make_memory(bytes);
        void* const second = make_memory(bytes);
        BOOST_TEST(ok(device.copy(first, sent.data(), bytes, stream)));
        BOOST_TEST(ok(device.copy(second, first, bytes, stream)));
        BOOST_TEST(ok(device.copy(got.data(), second, bytes, stream)));
        BOOST_TEST(ok(device.stream_synchronize(stream)));
        BOOST_TEST((got == sent), bytes << " bytes");
    }
}

CONTRACT_TEST(bytes_pass_from_pinned_memory_through_the_device_and_back) {
    const StreamHandle stream = make_stream();
    for (const std::size_t bytes : sizes) {
        const auto sent = pattern(bytes, 2);
        auto* const from = make_pinned<unsigned char>(bytes);
        auto* const to = make_pinned<unsigned char>(bytes);
        std::copy(sent.begin(), sent.end(), from);
        std::memset(to, 0, bytes);
        void* const there = make_memory(bytes);
        BOOST_TEST(ok(device.copy(there, from, bytes, stream)));
        BOOST_TEST(ok(device.copy(to, there, bytes, stream)));
        BOOST_TEST(ok(device.stream_synchronize(stream)));
        BOOST_TEST(std::equal(sent.begin(), sent.end(), to), bytes << " bytes");
    }
}

CONTRACT_TEST(bytes_pass_between_two_places_of_host_memory) {
    const auto sent = pattern(1000, 3);
    std::vector<unsigned char> got(sent.size());
    auto* const between = make_pinned<unsigned char>(sent.size());
    write(between, sent.data(), sent.size());
    read(got.data(), between, sent.size());
    BOOST_TEST(got == sent, boost::test_tools::per_element());
}

CONTRACT_TEST(a_copy_within_an_allocation_leaves_its_neighbours_alone) {
    const auto before = pattern(1000, 4);
    const auto piece = pattern(77, 5);
    void* const memory = make_memory(before.size());
    write(memory, before.data(), before.size());
    write(static_cast<char*>(memory) + 333, piece.data(), piece.size());
    auto expected = before;
    std::copy(piece.begin(), piece.end(), expected.begin() + 333);
    std::vector<unsigned char> got(before.size());
    read(got.data(), memory, got.size());
    BOOST_TEST(got == expected, boost::test_tools::per_element());
}

CONTRACT_TEST(a_copy_of_no_bytes_does_nothing) {
    unsigned char here = 1;
    const unsigned char there = 2;
    BOOST_TEST(ok(device.copy(nullptr, nullptr, 0, nullptr)));
    BOOST_TEST(ok(device.copy(&here, &there, 0, nullptr)));
    BOOST_TEST(ok(device.synchronize()));
    BOOST_TEST(here == 1);
}

CONTRACT_TEST(a_copy_from_pinned_memory_reads_it_when_it_runs) {
    const StreamHandle stream = make_stream();
    void* const cell = make_memory(1);
    auto* const from = make_pinned<unsigned char>(1);
    *from = 1;
    {
        Gate gate(device, stream);
        BOOST_TEST(ok(device.copy(cell, from, 1, stream)));
        *from = 2;
    }
    BOOST_TEST(ok(device.stream_synchronize(stream)));
    unsigned char got = 0;
    read(&got, cell, 1);
    BOOST_TEST(got == 2);
}

CONTRACT_TEST(copies_on_several_streams_do_not_mix) {
    constexpr std::size_t bytes = 100'000;
    constexpr unsigned count = 4;
    unsigned char* to[count];
    for (unsigned i = 0; i < count; ++i) {
        const StreamHandle stream = make_stream();
        void* const memory = make_memory(bytes);
        to[i] = make_pinned<unsigned char>(bytes);
        BOOST_TEST(ok(device.fill(memory, i + 1, 1, bytes, stream)));
        BOOST_TEST(ok(device.copy(to[i], memory, bytes, stream)));
    }
    BOOST_TEST(ok(device.synchronize()));
    for (unsigned i = 0; i < count; ++i) {
        BOOST_TEST(std::all_of(to[i], to[i] + bytes, [i](unsigned char byte) { return byte == i + 1; }));
    }
}
