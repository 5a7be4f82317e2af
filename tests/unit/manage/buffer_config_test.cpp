// SPDX-License-Identifier: Apache-2.0
// The growth rule, to the byte, and the figures of the presets.
#include <boost/test/unit_test.hpp>

#include <limits>

#include <triune/base/units.hpp>
#include <triune/manage/buffer_config.hpp>

using namespace triune;

namespace {

std::size_t next(std::size_t capacity, std::size_t required, float factor) {
    BufferConfig config;
    config.growth_factor = factor;
    return next_capacity_bytes(capacity, required, config);
}

bool is(const BufferConfig& config, std::size_t element, float factor, std::size_t most, std::size_t least,
        bool async) {
    return config.bytes_per_element == element && config.growth_factor == factor && config.max_size_bytes == most &&
           config.min_size_bytes == least && config.enable_async == async && !config.stable_address;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(buffer_config)

BOOST_AUTO_TEST_CASE(the_presets_carry_the_original_figures) {
    BOOST_TEST(is({}, 4, 1.5F, GiB, 4 * KiB, false));
    BOOST_TEST(is(BufferConfig::for_positions(), 12, 1.3F, 512 * MiB, 4 * KiB, true));
    BOOST_TEST(is(BufferConfig::for_velocities(), 12, 1.3F, 512 * MiB, 4 * KiB, true));
    BOOST_TEST(is(BufferConfig::for_forces(), 12, 1.3F, 512 * MiB, 4 * KiB, false));
    BOOST_TEST(is(BufferConfig::for_edges(), 32, 2.0F, 2 * GiB, 8 * KiB, false));
    BOOST_TEST(is(BufferConfig::for_grid_cells(), 8, 1.5F, 256 * MiB, 2 * KiB, false));
}

BOOST_AUTO_TEST_CASE(a_buffer_grows_by_its_factor_cut_to_whole_bytes) {
    BOOST_TEST(next(1001, 1002, 1.5F) == 1501U);
    BOOST_TEST(next(4000, 4004, 1.3F) == static_cast<std::size_t>(4000.0F * 1.3F));
    BOOST_TEST(next(10, 11, 2.0F) == 20U);
}

BOOST_AUTO_TEST_CASE(the_product_is_made_in_single_precision) {
    constexpr std::size_t capacity = 100'000'001;  // not a float: 100'000'000 is
    BOOST_TEST(next(capacity, capacity + 1, 1.5F) == 150'000'000U);
}

BOOST_AUTO_TEST_CASE(what_is_required_wins_over_a_smaller_product) {
    BOOST_TEST(next(1000, 20000, 1.5F) == 20000U);
    BOOST_TEST(next(1000, 1500, 1.5F) == 1500U);
    BOOST_TEST(next(1000, 1501, 1.5F) == 1501U);
}

BOOST_AUTO_TEST_CASE(a_factor_that_makes_nothing_grow_gives_just_what_is_required) {
    for (const float factor :
         {1.0F, 0.5F, 0.0F, -1.5F, std::numeric_limits<float>::quiet_NaN(), -std::numeric_limits<float>::infinity()}) {
        BOOST_TEST(next(1000, 1200, factor) == 1200U);
    }
}

BOOST_AUTO_TEST_CASE(a_factor_beyond_all_bounds_gives_the_maximum) {
    BOOST_TEST(next(1000, 1200, std::numeric_limits<float>::infinity()) == GiB);
    BOOST_TEST(next(1000, 1200, 1e30F) == GiB);
    BOOST_TEST(next(1000, 1200, std::numeric_limits<float>::max()) == GiB);
}

BOOST_AUTO_TEST_CASE(no_growth_passes_the_maximum) {
    BufferConfig config;
    config.max_size_bytes = 1400;
    BOOST_TEST(next_capacity_bytes(1000, 1100, config) == 1400U);
    BOOST_TEST(next_capacity_bytes(1000, 1400, config) == 1400U);
}

BOOST_AUTO_TEST_CASE(the_first_growth_is_to_the_least_size_at_least) {
    const BufferConfig config;
    BOOST_TEST(next_capacity_bytes(0, 1, config) == 4 * KiB);
    BOOST_TEST(next_capacity_bytes(0, 4 * KiB + 1, config) == 4 * KiB + 1);
    BufferConfig crossed;  // the least above the most
    crossed.min_size_bytes = 10000;
    crossed.max_size_bytes = 5000;
    BOOST_TEST(next_capacity_bytes(0, 100, crossed) == 5000U);
}

BOOST_AUTO_TEST_SUITE_END()
