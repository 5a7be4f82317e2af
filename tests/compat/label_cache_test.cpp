// SPDX-License-Identifier: Apache-2.0
#include "utils/gpu_memory.hpp"

#include "facades.hpp"

#include <stdexcept>

BOOST_FIXTURE_TEST_SUITE(label_cache, Facades)

using Labels = utils::LabelMappingCache::Labels;

BOOST_AUTO_TEST_CASE(a_hit_gives_the_stored_vector_and_the_rate_is_zero_at_first) {
    utils::LabelMappingCache cache;
    BOOST_TEST((cache.get_cache_stats() == std::make_tuple(std::uint64_t{0}, std::uint64_t{0}, 0.0)));
    int computed = 0;
    const auto reversed = [&](const Labels& labels) {
        ++computed;
        return Labels(labels.rbegin(), labels.rend());
    };
    for (int i = 0; i < 4; ++i) {
        BOOST_TEST(cache.get_or_compute_mapping({1, 2, 3}, reversed) == (Labels{3, 2, 1}), boost::test_tools::per_element());
    }
    BOOST_TEST(computed == 1);
    BOOST_TEST((cache.get_cache_stats() == std::make_tuple(std::uint64_t{3}, std::uint64_t{1}, 0.75)));
}

BOOST_AUTO_TEST_CASE(a_store_into_more_than_a_thousand_entries_empties_the_cache_and_the_counts_go_on) {
    utils::LabelMappingCache cache;
    const auto same = [](const Labels& labels) { return labels; };
    for (int i = 0; i <= 1000; ++i) cache.get_or_compute_mapping({i}, same);
    cache.get_or_compute_mapping({0}, same);
    BOOST_TEST(std::get<0>(cache.get_cache_stats()) == 1U);
    cache.get_or_compute_mapping({5000}, same);
    cache.get_or_compute_mapping({0}, same);
    BOOST_TEST(std::get<0>(cache.get_cache_stats()) == 1U);
    BOOST_TEST(std::get<1>(cache.get_cache_stats()) == 1003U);
}

BOOST_AUTO_TEST_CASE(a_compute_that_throws_stores_nothing_and_may_use_the_cache) {
    utils::LabelMappingCache cache;
    const auto failing = [](const Labels&) -> Labels { throw std::logic_error("mine"); };
    BOOST_CHECK_THROW(cache.get_or_compute_mapping({1}, failing), std::logic_error);
    const auto nested = [&](const Labels& labels) {
        return cache.get_or_compute_mapping({9}, [&](const Labels&) { return labels; });
    };
    BOOST_TEST(cache.get_or_compute_mapping({1}, nested) == Labels{1}, boost::test_tools::per_element());
    BOOST_TEST(std::get<1>(cache.get_cache_stats()) == 3U);
}

BOOST_AUTO_TEST_SUITE_END()
