// SPDX-License-Identifier: Apache-2.0
// Plain device memory.
#include "contract.hpp"

#include <atomic>
#include <cstdint>

CONTRACT_SUITE(allocations)

CONTRACT_TEST(allocations_are_aligned_to_256_bytes) {
    for (const std::size_t bytes : {std::size_t{1}, std::size_t{100}, std::size_t{256}, std::size_t{5001}}) {
        BOOST_TEST(reinterpret_cast<std::uintptr_t>(make_memory(bytes)) % 256 == 0U);
    }
}

CONTRACT_TEST(allocations_do_not_overlap) {
    constexpr std::size_t count = 10;
    constexpr std::size_t bytes = 777;
    void* memory[count];
    for (std::size_t i = 0; i < count; ++i) {
        memory[i] = make_memory(bytes);
        BOOST_TEST(ok(device.fill(memory[i], static_cast<std::uint32_t>(i), 1, bytes, nullptr)));
    }
    for (std::size_t i = 0; i < count; ++i) {
        unsigned char got[bytes];
        read(got, memory[i], bytes);
        for (const unsigned char byte : got) BOOST_TEST_REQUIRE(byte == i);
    }
}

CONTRACT_TEST(releasing_memory_waits_for_the_device) {
    const StreamHandle stream = make_stream();
    void* memory = nullptr;
    BOOST_TEST_REQUIRE(ok(device.memory_allocate(memory, 1'000'000)));
    std::atomic<bool> done{false};
    for (int i = 0; i < 50; ++i) BOOST_TEST(ok(device.fill(memory, 0, 1, 1'000'000, stream)));
    const auto note = [](void* argument) { *static_cast<std::atomic<bool>*>(argument) = true; };
    BOOST_TEST(ok(device.stream_call(stream, note, &done)));
    BOOST_TEST(ok(device.memory_release(memory)));
    BOOST_TEST(done.load());
    BOOST_TEST(ok(device.stream_synchronize(stream)));
}
