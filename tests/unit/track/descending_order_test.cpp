// SPDX-License-Identifier: Apache-2.0
// The order of numbers, against the standard library's.
#include <triune/detail/track/descending_order.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <numeric>
#include <random>
#include <vector>

namespace {

// Of as many keys, each made by `next()`.
template <typename Next>
void check(std::size_t count, Next&& next) {
    std::vector<std::uint64_t> keys(count);
    std::ranges::generate(keys, next);
    std::vector<std::uint32_t> expected(count);
    std::iota(expected.begin(), expected.end(), 0U);
    std::ranges::stable_sort(expected, [&](std::uint32_t a, std::uint32_t b) { return keys[a] > keys[b]; });
    auto scratch = keys;
    const auto [least, most] = std::ranges::minmax(keys);
    const auto order = triune::descending_order(scratch.data(), count, least, most);
    BOOST_TEST(std::equal(expected.begin(), expected.end(), order.get()));
}

constexpr std::size_t counts[] = {1, 2, 64, 65, 1000, 10'000};  // on both sides of each threshold

}  // namespace

BOOST_AUTO_TEST_SUITE(descending_order)

BOOST_AUTO_TEST_CASE(keys_of_any_width_come_biggest_first) {
    std::mt19937_64 random(7);
    for (const std::size_t count : counts) {
        for (int bits = 1; bits <= 64; ++bits) check(count, [&] { return random() >> (64 - bits); });
    }
}

BOOST_AUTO_TEST_CASE(equal_keys_stay_as_they_come) {
    std::mt19937_64 random(7);
    for (const std::size_t count : counts) {
        check(count, [] { return std::uint64_t{5}; });
        check(count, [&] { return random() % 3; });
        check(count, [&] { return random() % 2 * ~std::uint64_t{0}; });
    }
}

// Their distances have more bits than an item holds.
BOOST_AUTO_TEST_CASE(keys_that_differ_in_the_lowest_bits_of_a_wide_range_are_told_apart) {
    std::mt19937_64 random(7);
    for (const std::size_t count : counts) {
        check(count, [&] { return random() % 8 + (random() % 2 << 45); });
    }
}

BOOST_AUTO_TEST_SUITE_END()
