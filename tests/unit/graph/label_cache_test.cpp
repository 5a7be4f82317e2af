// SPDX-License-Identifier: Apache-2.0
// Memoised label relabellings.
#include <boost/test/unit_test.hpp>

#include <stdexcept>
#include <thread>
#include <tuple>
#include <vector>

#include <triune/graph/label_cache.hpp>

using triune::LabelCache;
using Labels = LabelCache::Labels;

namespace {

Labels doubled(const Labels& labels) {
    Labels result = labels;
    for (auto& label : result) label *= 2;
    return result;
}

std::uint64_t hits(const LabelCache& cache) { return std::get<0>(cache.stats()); }
std::uint64_t misses(const LabelCache& cache) { return std::get<1>(cache.stats()); }

}  // namespace

BOOST_AUTO_TEST_SUITE(label_cache)

BOOST_AUTO_TEST_CASE(an_answer_is_computed_once) {
    LabelCache cache;
    int computed = 0;
    const auto counting = [&](const Labels& labels) { return ++computed, doubled(labels); };
    BOOST_TEST((cache.get_or_compute({1, 2}, counting) == Labels{2, 4}));
    BOOST_TEST((cache.get_or_compute({1, 2}, counting) == Labels{2, 4}));
    BOOST_TEST((cache.get_or_compute({2, 1}, counting) == Labels{4, 2}));
    BOOST_TEST(cache.get_or_compute({}, counting).empty());
    BOOST_TEST(computed == 3);
    BOOST_TEST(hits(cache) == 1U);
    BOOST_TEST(misses(cache) == 3U);
    BOOST_TEST(std::get<2>(cache.stats()) == 0.25);
}

BOOST_AUTO_TEST_CASE(a_cache_that_was_never_asked_has_a_rate_of_nothing) {
    const LabelCache cache;
    BOOST_TEST(std::get<2>(cache.stats()) == 0.0);
}

BOOST_AUTO_TEST_CASE(a_store_beyond_a_thousand_and_one_entries_empties_the_cache_first_and_the_counts_go_on) {
    LabelCache cache;
    for (int i = 0; i <= 1000; ++i) static_cast<void>(cache.get_or_compute({i}, doubled));
    static_cast<void>(cache.get_or_compute({0}, doubled));
    BOOST_TEST(hits(cache) == 1U);  // 1001 are kept
    static_cast<void>(cache.get_or_compute({1001}, doubled));
    static_cast<void>(cache.get_or_compute({0}, doubled));
    BOOST_TEST(hits(cache) == 1U);
    static_cast<void>(cache.get_or_compute({1001}, doubled));
    BOOST_TEST(hits(cache) == 2U);
    BOOST_TEST(misses(cache) == 1003U);
}

BOOST_AUTO_TEST_CASE(a_computation_that_throws_stores_nothing) {
    LabelCache cache;
    const auto failing = [](const Labels&) -> Labels { throw std::runtime_error("no"); };
    BOOST_CHECK_THROW(cache.get_or_compute({1}, failing), std::runtime_error);
    BOOST_TEST((cache.get_or_compute({1}, doubled) == Labels{2}));
    BOOST_TEST(hits(cache) == 0U);
    BOOST_TEST(misses(cache) == 2U);
}

BOOST_AUTO_TEST_CASE(a_computation_may_ask_the_cache_itself) {
    LabelCache cache;
    const auto nested = [&](const Labels& labels) { return cache.get_or_compute(labels, doubled); };
    BOOST_TEST((cache.get_or_compute({3}, nested) == Labels{6}));
}

BOOST_AUTO_TEST_CASE(threads_get_right_answers) {
    LabelCache cache;
    std::vector<std::thread> threads;
    std::vector<int> wrong(4);
    for (std::size_t i = 0; i < 4; ++i) {
        threads.emplace_back([&, i] {
            for (int turn = 0; turn < 3000; ++turn) {
                const Labels asked{turn % 1500, 1};
                if (cache.get_or_compute(asked, doubled) != doubled(asked)) ++wrong[i];
            }
        });
    }
    for (auto& thread : threads) thread.join();
    BOOST_TEST((wrong == std::vector<int>(4)));
    BOOST_TEST(hits(cache) + misses(cache) == 12000U);
}

BOOST_AUTO_TEST_SUITE_END()
