// SPDX-License-Identifier: Apache-2.0
// Fills: widths, counts, and what stays untouched.
#include "contract.hpp"

CONTRACT_SUITE(fills)

CONTRACT_TEST(a_fill_writes_the_low_bytes_of_its_value_at_each_width) {
    constexpr std::uint32_t value = 0x44332211;
    for (const unsigned width : {1U, 2U, 4U}) {
        constexpr std::size_t count = 1001;
        void* const memory = make_memory(width * count);
        BOOST_TEST(ok(device.fill(memory, value, width, count, nullptr)));
        std::vector<unsigned char> got(width * count);
        read(got.data(), memory, got.size());
        std::size_t wrong = 0;
        for (std::size_t i = 0; i < got.size(); ++i) wrong += got[i] != 0x11 * (i % width + 1);
        BOOST_TEST(wrong == 0U, "width " << width);
    }
}

CONTRACT_TEST(a_fill_leaves_its_neighbours_alone) {
    for (const unsigned width : {1U, 2U, 4U}) {
        void* const memory = make_memory(64);
        BOOST_TEST(ok(device.fill(memory, 0x5a, 1, 64, nullptr)));
        BOOST_TEST(ok(device.fill(static_cast<char*>(memory) + 3 * width, 0, width, 5, nullptr)));
        unsigned char got[64];
        read(got, memory, sizeof got);
        for (std::size_t i = 0; i < sizeof got; ++i) {
            BOOST_TEST(got[i] == (i >= 3 * width && i < 8 * width ? 0 : 0x5a), "byte " << i << ", width " << width);
        }
    }
}

CONTRACT_TEST(a_fill_of_no_elements_does_nothing) {
    BOOST_TEST(ok(device.fill(nullptr, 1, 4, 0, nullptr)));
    BOOST_TEST(ok(device.synchronize()));
}

CONTRACT_TEST(another_width_is_refused_and_writes_nothing) {
    void* const memory = make_memory(64);
    BOOST_TEST(ok(device.fill(memory, 0x77, 1, 64, nullptr)));
    for (const unsigned width : {0U, 3U, 8U}) {
        BOOST_TEST(fails_with(device.fill(memory, 0, width, 4, nullptr), cuda_error::invalid_value));
    }
    unsigned char got[64];
    read(got, memory, sizeof got);
    for (const unsigned char byte : got) BOOST_TEST(byte == 0x77);
}
