// Module 1: the label cache and the streams.
#include <boost/test/unit_test.hpp>
#include <set>
#include <stdexcept>
#include <tuple>
#include <vector>

#include "utils/gpu_memory.hpp"
#include "watched_device.hpp"

using utils::LabelMappingCache;
using Labels = LabelMappingCache::Labels;

namespace {

Labels plus_one(const Labels& labels) {
    Labels result = labels;
    for (auto& label : result) {
        ++label;
    }
    return result;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(label_cache)

BOOST_AUTO_TEST_CASE(a_second_request_is_a_hit_and_computes_nothing) {
    LabelMappingCache cache;
    BOOST_TEST(std::get<2>(cache.get_cache_stats()) == 0.0);
    int computed = 0;
    const auto compute = [&](const Labels& labels) {
        ++computed;
        return plus_one(labels);
    };
    const Labels expected{2, 3};
    for (int request = 0; request < 4; ++request) {
        BOOST_TEST(cache.get_or_compute_mapping({1, 2}, compute) == expected, boost::test_tools::per_element());
    }
    const auto [hits, misses, rate] = cache.get_cache_stats();
    BOOST_TEST(computed == 1);
    BOOST_TEST(hits == 3U);
    BOOST_TEST(misses == 1U);
    BOOST_TEST(rate == 0.75);
}

BOOST_AUTO_TEST_CASE(a_store_into_more_than_1000_entries_empties_the_cache_and_the_counts_go_on) {
    LabelMappingCache cache;
    for (std::int32_t label = 0; label <= 1000; ++label) {
        cache.get_or_compute_mapping({label}, plus_one);
    }
    cache.get_or_compute_mapping({0}, plus_one);  // 1001 entries, still there
    BOOST_TEST(std::get<0>(cache.get_cache_stats()) == 1U);
    cache.get_or_compute_mapping({5000}, plus_one);  // empties
    cache.get_or_compute_mapping({0}, plus_one);
    BOOST_TEST(std::get<0>(cache.get_cache_stats()) == 1U);
    BOOST_TEST(std::get<1>(cache.get_cache_stats()) == 1003U);
}

BOOST_AUTO_TEST_CASE(a_computation_that_throws_stores_nothing) {
    LabelMappingCache cache;
    const auto fail = [](const Labels&) -> Labels { throw std::logic_error("no labels"); };
    BOOST_CHECK_THROW(cache.get_or_compute_mapping({4}, fail), std::logic_error);
    const Labels expected{5};
    BOOST_TEST(cache.get_or_compute_mapping({4}, plus_one) == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_computation_may_use_the_cache_itself) {
    LabelMappingCache cache;
    const auto outer = [&](const Labels& labels) { return cache.get_or_compute_mapping(labels, plus_one); };
    const Labels expected{9};
    BOOST_TEST(cache.get_or_compute_mapping({8}, outer) == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_next_stream_cycles_compute_memory_analysis) {
    utils::MultiStreamManager streams;
    const std::vector<const utils::Stream*> expected{&streams.get_compute_stream(), &streams.get_memory_stream(),
                                                     &streams.get_analysis_stream(), &streams.get_compute_stream()};
    std::set<void*> handles;
    for (const utils::Stream* stream : expected) {
        const utils::Stream& next = streams.get_next_stream();
        BOOST_TEST(&next == stream);
        BOOST_TEST(next.handle() != nullptr);
        handles.insert(next.handle());
    }
    BOOST_TEST(handles.size() == 3U);
    streams.synchronize_all();
    streams.synchronize_async().get();
}

BOOST_AUTO_TEST_CASE(an_async_synchronization_polls_three_events) {
    WatchedDevice device;
    const utils::MultiStreamManager streams;
    device.fail(1, 600, {"query_event"});  // not ready: asked again
    streams.synchronize_async().get();
    BOOST_TEST(device.calls("record_event") == 3);
    BOOST_TEST(device.calls("query_event") >= 4);
    BOOST_TEST(device.calls("synchronize_event") == 0);
}

BOOST_AUTO_TEST_SUITE_END()
