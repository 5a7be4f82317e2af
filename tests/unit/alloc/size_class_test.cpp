// SPDX-License-Identifier: Apache-2.0
// The classes are close, in order and without a gap.
#include <boost/test/unit_test.hpp>

#include <limits>

#include <triune/detail/alloc/span/size_class.hpp>

using namespace triune;

BOOST_AUTO_TEST_SUITE(size_class)

BOOST_AUTO_TEST_CASE(a_class_holds_the_sizes_from_its_least_up_to_the_next_ones) {
    for (SizeClass index = 1; index + 1 < cached_class_count; ++index) {
        const std::size_t least = size_class_bytes(index);
        const std::size_t next = size_class_bytes(index + 1);
        BOOST_TEST(least < next);
        BOOST_TEST(triune::size_class(least) == index);
        BOOST_TEST(triune::size_class(next - block_alignment) == index);
        if (least >= 16 * block_alignment) BOOST_TEST((next - least) * 16 <= least);
    }
    BOOST_TEST(triune::size_class(block_alignment) == 1U);
    BOOST_TEST(triune::size_class(largest_cached_bytes) == cached_class_count - 1);
}

BOOST_AUTO_TEST_CASE(small_requests_are_rounded_to_a_class_and_large_ones_to_the_alignment) {
    for (std::size_t bytes = 1; bytes <= largest_rounded_bytes; bytes += 97) {
        const std::size_t cut = block_bytes(bytes);
        BOOST_TEST(cut >= bytes);
        BOOST_TEST(size_class_bytes(triune::size_class(cut)) == cut);
        BOOST_TEST(cut - bytes < block_alignment + bytes / 16);
    }
    BOOST_TEST(block_bytes(largest_rounded_bytes + 1) == largest_rounded_bytes + block_alignment);
    BOOST_TEST(block_bytes(100 * MiB + 1) == 100 * MiB + block_alignment);
}

BOOST_AUTO_TEST_CASE(a_request_beyond_all_memory_is_cut_smaller_than_asked_for) {
    constexpr std::size_t max = std::numeric_limits<std::size_t>::max();
    BOOST_TEST(block_bytes(max) < max);
}

BOOST_AUTO_TEST_SUITE_END()
