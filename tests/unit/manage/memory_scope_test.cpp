// SPDX-License-Identifier: Apache-2.0
// Scopes over a manager.
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include <triune/manage/memory_scope.hpp>

#include "../../written_log.hpp"
#include "on_manager.hpp"

using namespace triune;

BOOST_AUTO_TEST_SUITE(memory_scope)

BOOST_FIXTURE_TEST_CASE(a_scope_reports_what_happened_inside, OnManager) {
    static_cast<void>(manager.allocate<std::uint8_t>("before", 1000));
    MemoryScope scope(manager, "frame");
    const auto made = manager.allocate<std::uint8_t>("inside", 300);
    made.ensure_capacity(5000);
    made.set_size(1000);
    made.shrink_to_fit();
    manager.free("before");
    const ScopeFigures inside = scope.figures();
    BOOST_TEST(inside.allocation_count == 1U);
    BOOST_TEST(inside.resize_count == 2U);
    BOOST_TEST(inside.free_count == 1U);
    BOOST_TEST(inside.allocated_bytes == 5000U);
    BOOST_TEST(inside.freed_bytes == 5000U);
    BOOST_TEST(inside.peak_bytes == 5000U);
    BOOST_TEST(scope.net_bytes() == 0);
    manager.free("inside");
    BOOST_TEST(scope.net_bytes() == -1000);
    BOOST_TEST(
        scope.describe() ==
        "scope 'frame': 1 allocations, 2 resizes, 2 frees; 5000 bytes allocated, 6000 freed, net -1000, peak 5000");
}

BOOST_FIXTURE_TEST_CASE(what_is_made_inside_and_alive_is_listed, OnManager) {
    static_cast<void>(manager.allocate<float>("before", 1000));
    MemoryScope scope(manager, "load");
    static_cast<void>(manager.allocate<float>("kept", 10));
    static_cast<void>(manager.allocate<float>("gone", 20));
    auto nameless = manager.make_buffer<float>(30);
    manager.free("gone");
    scope.close();
    static_cast<void>(manager.allocate<float>("after", 1000));
    const auto alive = scope.alive();
    BOOST_REQUIRE(alive.size() == 2U);
    BOOST_TEST(alive[0].bytes == 120U);
    BOOST_TEST(alive[1].name() == "kept");
}

// Threads side by side get ids by the block, as long as the clock's tick lasts: some of these scopes open within one.
BOOST_FIXTURE_TEST_CASE(what_is_made_inside_is_listed_however_busy_the_threads_are, OnManager) {
    std::atomic<bool> ended{false};
    std::thread busy([&] {
        while (!ended) static_cast<void>(manager.make_buffer<float>(0));
    });
    bool all_listed = true;
    for (int round = 0; round < 3000; ++round) {
        for (int i = 0; i < 20; ++i) static_cast<void>(manager.make_buffer<float>(0));
        MemoryScope scope(manager, "busy");
        const auto inside = manager.make_buffer<float>(1);
        scope.close();
        all_listed = all_listed && scope.alive().size() == 1;
    }
    ended = true;
    busy.join();
    BOOST_TEST(all_listed);
}

BOOST_FIXTURE_TEST_CASE(an_inner_scope_counts_in_the_outer_one_too, OnManager) {
    MemoryScope outer(manager, "frame");
    {
        const MemoryScope inner(manager, "physics");
        static_cast<void>(manager.allocate<std::uint8_t>("x", 100));
        BOOST_TEST(inner.net_bytes() == 100);
    }
    static_cast<void>(manager.allocate<std::uint8_t>("y", 10));
    BOOST_TEST(outer.net_bytes() == 110);
}

BOOST_FIXTURE_TEST_CASE(a_growth_that_fails_counts_in_no_scope, OnManager) {
    const auto made = manager.allocate<float>("x", 10);
    const MemoryScope scope(manager, "frame");
    BOOST_CHECK_THROW(made.ensure_capacity(std::size_t{1} << 40), max_size_exceeded);
    sim.fail(Verb::copy_on_device, 1, cuda_error::unknown);
    BOOST_CHECK_THROW(made.ensure_capacity(10000), device_error);
    sim.clear_failures();
    BOOST_TEST((scope.figures() == ScopeFigures{}));
}

BOOST_FIXTURE_TEST_CASE(other_threads_count_where_all_are_asked_for, OnManager) {
    const MemoryScope own(manager, "own");
    const MemoryScope all(manager, "all", ScopeThreads::all);
    std::thread([&] { static_cast<void>(manager.allocate<std::uint8_t>("other's", 100)); }).join();
    manager.free("other's");  // here
    BOOST_TEST(all.net_bytes() == 0);
    BOOST_TEST(own.net_bytes() == -100);
}

BOOST_FIXTURE_TEST_CASE(groups_count_array_by_array, OnManager) {
    const MemoryScope scope(manager, "graph");
    BufferGroup<float> group(manager, "nodes", {"x", "y", "z"}, 100);
    BOOST_TEST(scope.figures().allocation_count == 3U);
    BOOST_TEST(scope.net_bytes() == 1200);
}

BOOST_FIXTURE_TEST_CASE(a_scope_may_outlive_its_manager, BalancedSim) {
    std::optional<GpuMemoryManager> brief(std::in_place, sim);
    const MemoryScope scope(*brief, "long");
    static_cast<void>(brief->allocate<std::uint8_t>("x", 100));
    brief.reset();
    BOOST_TEST(scope.figures().free_count == 1U);
}

BOOST_FIXTURE_TEST_CASE(the_end_of_a_scope_is_a_line_for_those_who_debug, OnManager) {
    const WrittenLog written;
    {
        const MemoryScope scope(manager, "silent");
    }
    log::set_level(log::Level::debug);
    {
        const MemoryScope scope(manager, "told");
    }
    BOOST_TEST(written.text() ==
               "[triune] [debug] scope 'told': 0 allocations, 0 resizes, 0 frees; 0 bytes allocated, 0 "
               "freed, net 0, peak 0\n");
}

BOOST_AUTO_TEST_SUITE_END()
