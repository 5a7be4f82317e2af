// SPDX-License-Identifier: Apache-2.0
// Pinned host memory.
#include "contract.hpp"

CONTRACT_SUITE(pinned)

CONTRACT_TEST(pinned_memory_of_any_size_is_the_hosts_to_use) {
    for (const std::size_t bytes : {std::size_t{1}, std::size_t{255}, std::size_t{4097}, std::size_t{3'000'000}}) {
        auto* const memory = make_pinned<unsigned char>(bytes);
        std::memset(memory, 0x3c, bytes);
        BOOST_TEST(memory[0] == 0x3c);
        BOOST_TEST(memory[bytes - 1] == 0x3c);
    }
}

CONTRACT_TEST(pinned_allocations_do_not_overlap) {
    unsigned char* const first = make_pinned<unsigned char>(1000);
    unsigned char* const second = make_pinned<unsigned char>(1000);
    std::memset(first, 1, 1000);
    std::memset(second, 2, 1000);
    for (std::size_t i = 0; i < 1000; ++i) BOOST_TEST_REQUIRE(first[i] == 1);
}

CONTRACT_TEST(pinned_memory_can_be_had_again_after_its_release) {
    for (int i = 0; i < 20; ++i) {
        void* memory = nullptr;
        BOOST_TEST_REQUIRE(ok(device.pinned_allocate(memory, 100'000)));
        std::memset(memory, i, 100'000);
        BOOST_TEST(ok(device.pinned_release(memory)));
    }
}
