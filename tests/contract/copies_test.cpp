// SPDX-License-Identifier: Apache-2.0
// Copies: every direction, odd sizes and places.
#include "contract.hpp"

#include <algorithm>
#include <atomic>
#include <thread>
#include <utility>
#include <vector>

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

CONTRACT_TEST(copies_by_the_device_bring_each_piece_to_its_place_and_touch_nothing_else) {
    const StreamHandle stream = make_stream();
    struct Piece {
        std::size_t from;
        std::size_t to;
        std::size_t bytes;
    };
    std::vector<std::vector<Piece>> batches{
        {{0, 0, 4096}, {4096, 4096, 4096}, {8192, 8192, 4096}},
        {{0, 8192, 1000}, {4096, 4096, 1000}, {8192, 0, 1000}},
        {{0, 512, 1}, {512, 1024, 3000}, {8192, 8192, 77}, {9000, 600, 0}},
        {{3, 1, 500}, {1024, 1029, 15}, {2048, 2048, 17}, {4096, 5000, 16}, {8191, 8191, 255}},  // aligned to nothing
        {{256, 0, 16000}},
        {{0, 0, 0}},
        {},
    };
    for (std::size_t i = 0; i < 40; ++i) batches[6].push_back({400 * i, 400 * (39 - i), 300 + i});
    constexpr std::size_t bytes = 16384;
    void* const source = make_memory(bytes);
    void* const memory = make_memory(bytes);
    void* const pinned = make_pinned_bytes(bytes);
    const auto sent = pattern(bytes, 6);
    write(source, sent.data(), bytes);
    for (void* const target : {memory, pinned}) {
        for (const auto& batch : batches) {
            write(target, std::vector<unsigned char>(bytes, 0xEE).data(), bytes);
            std::vector<unsigned char> expected(bytes, 0xEE);
            std::vector<CopyPiece> pieces;
            for (const Piece& piece : batch) {
                pieces.push_back(
                    {static_cast<char*>(target) + piece.to, static_cast<char*>(source) + piece.from, piece.bytes});
                std::copy_n(sent.data() + piece.from, piece.bytes, expected.data() + piece.to);
            }
            BOOST_TEST(ok(device.copy_on_device(pieces, stream)));
            BOOST_TEST(ok(device.stream_synchronize(stream)));
            std::vector<unsigned char> got(bytes);
            read(got.data(), target, bytes);
            BOOST_TEST((got == expected), batch.size() << " pieces");
        }
    }
}

// Two threads feed one stream: what one writes in many pieces, the other copies in many pieces.
CONTRACT_TEST(copies_on_the_device_are_of_one_moment_however_many_pieces_they_are) {
    const StreamHandle stream = make_stream();
    for (const std::size_t off : {0U, 1U}) {  // aligned, and aligned to nothing
        constexpr std::size_t count = 80;
        constexpr std::size_t step = 256;
        constexpr std::size_t bytes = count * step;
        constexpr std::size_t turns = 100;
        void* const writers[] = {make_memory(bytes), make_memory(bytes)};
        void* const source = make_memory(bytes);
        void* const taken = make_memory(bytes * turns);
        for (unsigned i = 0; i < 2; ++i) BOOST_TEST(ok(device.fill(writers[i], i + 1, 1, bytes, stream)));
        BOOST_TEST(ok(device.fill(source, 1, 1, bytes, stream)));
        BOOST_TEST(ok(device.stream_synchronize(stream)));
        const auto pieces = [&](void* to, void* from) {
            std::vector<CopyPiece> made;
            for (std::size_t i = 0; i < count; ++i) {
                made.push_back({static_cast<char*>(to) + i * step + off, static_cast<char*>(from) + i * step + off,
                                step - 16});
            }
            return made;
        };
        std::atomic<bool> done{false};
        std::atomic<bool> fed{true};
        std::thread feeder([&] {
            for (unsigned i = 0; !done || i < turns; ++i) {
                if (!device.copy_on_device(pieces(source, writers[i % 2]), stream).ok()) fed = false;
                if (i % turns == 0 && !device.stream_synchronize(stream).ok()) fed = false;
            }
        });
        for (std::size_t i = 0; i < turns; ++i) {
            BOOST_TEST(ok(device.copy_on_device(pieces(static_cast<char*>(taken) + i * bytes, source), stream)));
        }
        done = true;
        feeder.join();
        BOOST_TEST(fed.load());
        BOOST_TEST(ok(device.stream_synchronize(stream)));
        std::vector<unsigned char> got(bytes * turns);
        read(got.data(), taken, got.size());
        std::size_t torn = 0;
        for (std::size_t i = 0; i < turns; ++i) {
            const unsigned char* const snapshot = got.data() + i * bytes;
            bool whole = true;
            for (std::size_t piece = 0; piece < count; ++piece) {
                const unsigned char* const at = snapshot + piece * step + off;
                const auto same = [&](unsigned char each) { return each == snapshot[off]; };
                whole = whole && std::all_of(at, at + step - 16, same);
            }
            torn += whole ? 0 : 1;
        }
        BOOST_TEST(torn == 0U);
    }
}

CONTRACT_TEST(copies_on_the_device_gather_what_lies_in_several_allocations) {
    const StreamHandle stream = make_stream();
    constexpr std::size_t bytes = 3'000'007;
    std::vector<unsigned char> got(4 * bytes);
    void* const target = make_memory(got.size() + 64);
    std::vector<CopyPiece> pieces;
    for (unsigned i = 0; i < 4; ++i) {
        void* const memory = make_memory(bytes);
        BOOST_TEST(ok(device.fill(memory, i + 1, 1, bytes, stream)));
        pieces.push_back({static_cast<char*>(target) + i * (bytes + 9), memory, bytes});
    }
    BOOST_TEST(ok(device.copy_on_device(pieces, stream)));
    for (std::size_t i = 0; i < 4; ++i) {
        BOOST_TEST(ok(device.copy(got.data() + i * bytes, pieces[i].to, bytes, stream)));
    }
    BOOST_TEST(ok(device.stream_synchronize(stream)));
    for (std::size_t i = 0; i < 4; ++i) {
        const auto* const part = got.data() + i * bytes;
        BOOST_TEST(std::all_of(part, part + bytes, [i](unsigned char byte) { return byte == i + 1; }));
    }
}

CONTRACT_TEST(pieces_that_come_from_nowhere_are_zeroed_beside_copies_and_touch_nothing_else) {
    const StreamHandle stream = make_stream();
    constexpr std::size_t nowhere = ~std::size_t{0};
    struct Piece {
        std::size_t from;
        std::size_t to;
        std::size_t bytes;
    };
    std::vector<std::vector<Piece>> batches{
        {{nowhere, 4096, 4096}},
        {{nowhere, 0, 1}, {nowhere, 16, 15}, {nowhere, 32, 16}, {nowhere, 64, 17}, {nowhere, 512, 4099}},
        {{0, 0, 333}, {nowhere, 512, 333}, {512, 1024, 5000}, {nowhere, 8192, 77}, {8192, 8272, 100}},
        {{nowhere, 1, 500}, {1024, 1029, 15}, {nowhere, 2055, 16}, {nowhere, 4099, 4097}},  // aligned to nothing
        {{nowhere, 100, 0}, {nowhere, 256, 256}, {nowhere, 600, 0}},
        {{nowhere, 100, 0}},
        {},
        {},
    };
    for (std::size_t i = 0; i < 75; ++i) {
        batches[6].push_back({nowhere, 208 * i, 100 + i});
        batches[7].push_back({i % 3 == 0 ? 208 * i : nowhere, 208 * (74 - i), 100 + i});
    }
    constexpr std::size_t bytes = 16384;
    void* const source = make_memory(bytes);
    void* const target = make_memory(bytes);
    const auto sent = pattern(bytes, 8);
    write(source, sent.data(), bytes);
    for (const auto& batch : batches) {
        BOOST_TEST(ok(device.fill(target, 0xEE, 1, bytes, stream)));
        std::vector<unsigned char> expected(bytes, 0xEE);
        std::vector<CopyPiece> pieces;
        for (const auto& [from, to, length] : batch) {
            const bool zeroes = from == nowhere;
            pieces.push_back(
                {static_cast<char*>(target) + to, zeroes ? nullptr : static_cast<char*>(source) + from, length});
            for (std::size_t i = 0; i < length; ++i) expected[to + i] = zeroes ? 0 : sent[from + i];
        }
        BOOST_TEST(ok(device.copy_on_device(pieces, stream)));
        BOOST_TEST(ok(device.stream_synchronize(stream)));
        std::vector<unsigned char> got(bytes);
        read(got.data(), target, bytes);
        BOOST_TEST((got == expected), batch.size() << " pieces");
    }
    const CopyPiece nothing{};
    BOOST_TEST(ok(device.copy_on_device({&nothing, 1}, stream)));
}

CONTRACT_TEST(zeroes_are_written_to_all_of_a_long_piece_and_to_short_ones_beside_it) {
    constexpr std::size_t bytes = 8 * MiB + 5;
    constexpr std::size_t guard = 11;
    auto* const memory = static_cast<char*>(make_memory(bytes + guard));
    auto* const other = static_cast<char*>(make_memory(1000));
    BOOST_TEST(ok(device.fill(memory, 0xEE, 1, bytes + guard, nullptr)));
    BOOST_TEST(ok(device.fill(other, 0xEE, 1, 1000, nullptr)));
    const CopyPiece pieces[] = {{memory, nullptr, bytes}, {other, nullptr, 3}, {other + 512, nullptr, 488}};
    BOOST_TEST(ok(device.copy_on_device(pieces, nullptr)));
    std::vector<unsigned char> got(bytes + guard);
    read(got.data(), memory, got.size());
    BOOST_TEST((std::count(got.begin(), got.end() - guard, 0) == bytes));
    BOOST_TEST((std::count(got.end() - guard, got.end(), 0xEE) == guard));
    got.resize(1000);
    read(got.data(), other, got.size());
    std::vector<unsigned char> expected(1000, 0xEE);
    std::fill_n(expected.begin(), 3, 0);
    std::fill_n(expected.begin() + 512, 488, 0);
    BOOST_TEST(got == expected, boost::test_tools::per_element());
}

// As a slab of the pool is.
CONTRACT_TEST(copies_on_the_device_reach_over_the_border_of_mapped_chunks, virtual_memory) {
    const std::size_t granule = device.properties().chunk_granularity;
    const std::size_t bytes = granule / 2 + 272;
    char* const base = static_cast<char*>(make_reservation(4 * granule));
    for (std::size_t i = 0; i < 4; ++i) map_chunk(base + i * granule, make_chunk(granule), granule);
    const StreamHandle stream = make_stream();
    const auto sent = pattern(2 * granule, 7);
    std::vector<unsigned char> got(2 * bytes);
    write(base, sent.data(), sent.size());
    const CopyPiece pieces[] = {{base + 2 * granule, base + bytes, bytes}, {base + 2 * granule + bytes, base, bytes}};
    BOOST_TEST(ok(device.copy_on_device(pieces, stream)));
    BOOST_TEST(ok(device.stream_synchronize(stream)));
    read(got.data(), base + 2 * granule, got.size());
    BOOST_TEST(std::equal(got.begin(), got.begin() + static_cast<std::ptrdiff_t>(bytes), sent.data() + bytes));
    BOOST_TEST(std::equal(got.begin() + static_cast<std::ptrdiff_t>(bytes), got.end(), sent.data()));
}

CONTRACT_TEST(zeroes_are_written_over_the_border_of_mapped_chunks, virtual_memory) {
    const std::size_t granule = device.properties().chunk_granularity;
    char* const base = static_cast<char*>(make_reservation(2 * granule));
    for (std::size_t i = 0; i < 2; ++i) map_chunk(base + i * granule, make_chunk(granule), granule);
    std::vector<unsigned char> expected(2 * granule, 0xEE);
    std::fill_n(expected.begin() + static_cast<std::ptrdiff_t>(granule) - 256, 511, 0);
    BOOST_TEST(ok(device.fill(base, 0xEE, 1, expected.size(), nullptr)));
    const CopyPiece piece{base + granule - 256, nullptr, 511};
    BOOST_TEST(ok(device.copy_on_device({&piece, 1}, nullptr)));
    std::vector<unsigned char> got(expected.size());
    read(got.data(), base, got.size());
    BOOST_TEST((got == expected));
}

CONTRACT_TEST(copies_on_the_device_keep_their_place_in_the_stream) {
    const StreamHandle stream = make_stream();
    char* const memory = static_cast<char*>(make_memory(1024));
    auto* const got = make_pinned<unsigned char>(512);
    BOOST_TEST(ok(device.fill(memory, 1, 1, 1024, nullptr)));
    BOOST_TEST(ok(device.stream_synchronize(nullptr)));
    {
        Gate gate(device, stream);
        BOOST_TEST(ok(device.fill(memory, 2, 1, 512, stream)));
        const CopyPiece pieces[] = {{memory + 512, memory, 256}, {memory + 768, memory + 256, 256}};
        BOOST_TEST(ok(device.copy_on_device(pieces, stream)));
        BOOST_TEST(ok(device.fill(memory, 3, 1, 512, stream)));
        BOOST_TEST(ok(device.copy(got, memory + 512, 512, stream)));
    }
    BOOST_TEST(ok(device.stream_synchronize(stream)));
    BOOST_TEST(std::all_of(got, got + 512, [](unsigned char byte) { return byte == 2; }));
}

CONTRACT_TEST(zeroes_keep_their_place_in_the_stream) {
    const StreamHandle stream = make_stream();
    void* const memory = make_memory(256);
    auto* const got = make_pinned<unsigned char>(256);
    {
        Gate gate(device, stream);
        const CopyPiece piece{memory, nullptr, 256};
        BOOST_TEST(ok(device.fill(memory, 1, 1, 256, stream)));
        BOOST_TEST(ok(device.copy_on_device({&piece, 1}, stream)));
        BOOST_TEST(ok(device.copy(got, memory, 256, stream)));
        BOOST_TEST(ok(device.fill(memory, 2, 1, 256, stream)));
    }
    BOOST_TEST(ok(device.stream_synchronize(stream)));
    BOOST_TEST(std::count(got, got + 256, 0) == 256);
}
