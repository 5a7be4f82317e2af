// SPDX-License-Identifier: Apache-2.0
// The manager: names, owners, leaks, statistics, threads.
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <optional>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "../../listening.hpp"
#include "on_manager.hpp"

using namespace triune;

BOOST_AUTO_TEST_SUITE(manager)

BOOST_FIXTURE_TEST_CASE(a_buffer_is_found_by_its_name, OnManager) {
    const auto made = manager.allocate<float>("positions", 10);
    BOOST_TEST(manager.get_buffer<float>("positions").data() == made.data());
    BOOST_TEST(manager.contains("positions"));
    manager.ensure_capacity<float>("positions", 20);
    manager.ensure_capacity<float>("positions", 30, stream.handle());
    BOOST_TEST(made.size() == 30U);
    BOOST_TEST(&manager.device() == &sim);
}

BOOST_FIXTURE_TEST_CASE(any_string_is_a_name, OnManager) {
    const std::string with_nul("a\0b", 3);
    for (const std::string& name :
         {std::string(), with_nul, std::string("a"), std::string(10 * KiB, 'n'), std::string("\xff\xfe")}) {
        const auto made = manager.allocate<float>(name, 1);
        BOOST_TEST(made.name() == name);
        BOOST_TEST(manager.get_buffer<float>(name).valid());
    }
    BOOST_TEST(manager.stats().buffer_count == 5U);
    manager.free(with_nul);
    BOOST_TEST(manager.contains("a"));
}

BOOST_FIXTURE_TEST_CASE(a_live_name_of_the_same_type_gives_the_buffer_that_is_there, OnManager) {
    const Quiet quiet;
    const auto first = manager.allocate<float>("x", 10);
    const auto second = manager.allocate<float>("x", 5000);
    BOOST_TEST(second.data() == first.data());
    BOOST_TEST(second.size() == 10U);
    BOOST_TEST(manager.stats().allocation_count == 1U);
}

BOOST_FIXTURE_TEST_CASE(a_live_name_of_another_type_is_refused_with_both_types, OnManager) {
    static_cast<void>(manager.allocate<float>("x", 10));
    const std::string what = message_of<type_mismatch>([&] { static_cast<void>(manager.allocate<int>("x", 10)); });
    BOOST_TEST(mentions(what, "'x'"));
    BOOST_TEST(mentions(what, "float"));
    BOOST_TEST(mentions(what, "int"));
    BOOST_CHECK_THROW(manager.get_buffer<double>("x"), type_mismatch);
    BOOST_CHECK_THROW(manager.ensure_capacity<double>("x", 100), type_mismatch);
    BOOST_TEST(manager.get_buffer<float>("x").size() == 10U);
}

BOOST_FIXTURE_TEST_CASE(an_unknown_name_is_named, OnManager) {
    BOOST_TEST(mentions(message_of<buffer_not_found>([&] { static_cast<void>(manager.get_buffer<float>("nobody")); }),
                        "'nobody'"));
    BOOST_TEST(mentions(message_of<buffer_not_found>([&] { manager.free("nobody"); }), "'nobody'"));
}

BOOST_FIXTURE_TEST_CASE(freeing_twice_frees_once_and_says_so, OnManager) {
    static_cast<void>(manager.allocate<float>("x", 10));
    static_cast<void>(manager.allocate<float>("y", 10));
    manager.free("x");
    BOOST_CHECK_THROW(manager.free("x"), buffer_not_found);
    manager.free("y", stream.handle());
    BOOST_TEST(manager.total_allocated_bytes() == 0U);
    BOOST_TEST(manager.stats().buffer_count == 0U);
}

BOOST_FIXTURE_TEST_CASE(owners_share_names_and_are_not_found_by_them, OnManager) {
    const auto first = manager.make_buffer<float>("x", 10);
    const auto second = manager.make_buffer<float>("x", 20);
    const auto nameless = manager.make_buffer<float>(5);
    BOOST_TEST(!manager.contains("x"));
    BOOST_CHECK_THROW(manager.free("x"), buffer_not_found);
    BOOST_TEST(nameless.name().empty());
    BOOST_TEST(manager.stats().buffer_count == 3U);
    BOOST_TEST(manager.stats().buffer_stats.size() == 2U);  // those with a name
}

BOOST_FIXTURE_TEST_CASE(a_buffer_allocated_on_a_stream_waits_for_nothing, OnManager) {
    std::optional<Held> held{std::in_place, sim};
    const auto made = manager.allocate<float>("x", 1000, {}, stream.handle());
    BOOST_TEST(made.size() == 1000U);
    manager.free("x", stream.handle());
    held.reset();
}

BOOST_FIXTURE_TEST_CASE(an_owner_may_outlive_its_manager, OnManager) {
    std::optional<GpuMemoryManager> brief(std::in_place, sim);
    auto owner = brief->make_buffer_from("x", ascending(100));
    const auto handle = brief->allocate<float>("y", 10);
    brief.reset();
    BOOST_CHECK_THROW(handle.size(), stale_handle);
    owner.ensure_capacity(1000);
    BOOST_TEST(owner.download()[99] == 99.0F);
}

BOOST_FIXTURE_TEST_CASE(leaks_are_named_typed_buffers_with_most_bytes_first, OnManager) {
    static_cast<void>(manager.allocate<float>("small", 10));
    const auto big = manager.make_buffer<double>("big", 100);
    const auto nameless = manager.make_buffer<double>(1000);
    const auto untyped = manager.make_untyped("bytes", {});
    untyped.reserve(5000);
    const auto leaks = manager.check_leaks();
    BOOST_REQUIRE(leaks.size() == 2U);
    BOOST_TEST(leaks[0].name() == "big");
    BOOST_TEST(leaks[0].type_name() == "double");
    BOOST_TEST(leaks[0].bytes == 800U);
    BOOST_TEST(std::string_view(leaks[0].where().file_name()).ends_with("manager_test.cpp"));
    BOOST_TEST((leaks[0].thread() == std::this_thread::get_id()));
    BOOST_TEST(leaks[1].name() == "small");
    const auto all = manager.check_leaks(RecordFilter::all);
    BOOST_REQUIRE(all.size() == 4U);
    BOOST_TEST(all[0].bytes == 20000U);
}

BOOST_FIXTURE_TEST_CASE(reported_leaks_repeat_a_name_for_each_buffer, OnManager) {
    const Quiet quiet;
    const auto first = manager.make_buffer<float>("x", 10);
    const auto second = manager.make_buffer<float>("x", 20);
    BOOST_TEST((manager.report_leaks() == std::vector<std::string>{"x", "x"}));
}

BOOST_FIXTURE_TEST_CASE(usage_by_name_adds_equal_names_up, OnManager) {
    const auto first = manager.make_buffer<float>("x", 10);
    const auto second = manager.make_buffer<float>("x", 20);
    const auto third = manager.make_buffer<float>("y", 1);
    const auto nameless = manager.make_buffer<float>(100);
    const auto [total, by_name] = manager.usage_by_name();
    BOOST_TEST(total == 124U);
    BOOST_TEST(by_name.size() == 2U);
    BOOST_TEST(by_name.at("x") == 120U);
    BOOST_TEST(by_name.at("y") == 4U);
}

BOOST_FIXTURE_TEST_CASE(statistics_follow_every_step, OnManager) {
    const auto made = manager.allocate<float>("x", 0, with_downloads());
    auto stats = manager.stats();
    BOOST_TEST(stats.allocation_count == 0U);  // nothing allocated yet
    BOOST_TEST(stats.buffer_count == 1U);
    BOOST_TEST(stats.buffer_stats.front().utilization == 0.0F);
    made.ensure_capacity(1000);
    made.ensure_capacity(3000);
    made.set_size(1500);
    made.start_async_download(stream.handle());
    stats = manager.stats();
    BOOST_TEST(stats.allocation_count == 1U);
    BOOST_TEST(stats.resize_count == 1U);
    BOOST_TEST(stats.async_transfer_count == 1U);
    BOOST_TEST(stats.total_allocated_bytes == 12000U);
    BOOST_TEST(stats.peak_allocated_bytes == 12000U);
    const BufferStats& x = stats.buffer_stats.front();
    BOOST_TEST(x.name == "x");
    BOOST_TEST(x.capacity_bytes == 12000U);
    BOOST_TEST(x.allocated_bytes == 6000U);
    BOOST_TEST(x.utilization == 0.5F);
    BOOST_TEST(x.age_seconds >= x.last_access_seconds);
    BOOST_TEST(x.last_access_seconds >= 0);
    static_cast<void>(made.wait_for_download());
    manager.free("x");
    stats = manager.stats();
    BOOST_TEST(stats.total_allocated_bytes == 0U);
    BOOST_TEST(stats.peak_allocated_bytes == 12000U);
    BOOST_TEST(stats.buffer_count == 0U);
    BOOST_TEST(stats.allocation_count == 1U);
    BOOST_TEST(stats.buffer_stats.empty());
}

BOOST_FIXTURE_TEST_CASE(buffer_statistics_come_oldest_first, OnManager) {
    for (const char* name : {"c", "a", "b"}) static_cast<void>(manager.allocate<float>(name, 1));
    const auto stats = manager.buffer_stats();
    BOOST_REQUIRE(stats.size() == 3U);
    BOOST_TEST(stats[0].name == "c");
    BOOST_TEST(stats[2].name == "b");
}

BOOST_FIXTURE_TEST_CASE(totals_never_drift_whatever_is_done, OnManager) {
    std::mt19937 random(5);
    std::vector<Buffer<float>> buffers;
    std::size_t peak = 0;
    for (int step = 0; step < 600; ++step) {
        const std::size_t choice = random() % 5;
        const std::size_t elements = random() % 20000;
        if (buffers.size() < 10 && (choice == 0 || buffers.empty())) {
            buffers.push_back(manager.make_buffer<float>(std::to_string(step), elements % 3 == 0 ? 0 : elements));
        } else {
            Buffer<float>& chosen = buffers[random() % buffers.size()];
            if (choice == 1) chosen.ensure_capacity(elements);
            if (choice == 2) chosen.set_size(elements);
            if (choice == 3) chosen.shrink_to_fit();
            if (choice == 4) std::swap(chosen, buffers.back()), buffers.pop_back();
        }
        std::size_t total = 0;
        for (const auto& buffer : buffers) total += buffer.capacity_bytes();
        peak = std::max(peak, total);
        const auto stats = manager.stats();
        BOOST_TEST(stats.total_allocated_bytes == total);
        BOOST_TEST(stats.peak_allocated_bytes == peak);
        BOOST_TEST(stats.buffer_count == buffers.size());
        std::size_t recorded = 0;
        for (const auto& record : manager.check_leaks()) recorded += record.bytes;
        BOOST_TEST(recorded == total);
    }
}

BOOST_FIXTURE_TEST_CASE(unused_buffers_are_freed_and_others_are_not, OnManager) {
    static_cast<void>(manager.allocate<float>("used", 10));
    const auto unused = manager.allocate<float>("unused", 10);
    unused.set_size(0);
    static_cast<void>(manager.allocate<float>("never allocated", 0));
    auto owned = manager.make_buffer<float>("owned", 10);
    owned.set_size(0);
    BOOST_TEST(manager.free_unused() == 1U);
    BOOST_TEST(!unused.valid());
    BOOST_TEST(manager.contains("never allocated"));
    BOOST_TEST(owned.valid());
    BOOST_TEST(manager.free_unused() == 0U);
}

// Filled between the look at all and the free of each: by who is told that another was freed.
BOOST_FIXTURE_TEST_CASE(an_unused_buffer_that_is_filled_while_others_are_freed_stays, OnManager) {
    for (const char* name : {"a", "b", "c"}) manager.allocate<float>(name, 10).set_size(0);
    std::size_t freed = 0;
    {
        const Listening listening([&](const std::string&) {
            for (const char* name : {"a", "b", "c"}) {
                if (manager.contains(name)) manager.get_buffer<float>(name).set_size(5);
            }
        });
        freed = manager.free_unused();
    }
    BOOST_TEST(freed == 1U);
    std::size_t left = 0;
    for (const char* name : {"a", "b", "c"}) {
        if (manager.contains(name)) left += manager.get_buffer<float>(name).download().size();
    }
    BOOST_TEST(left == 10U);
    BOOST_TEST(manager.total_allocated_bytes() == 80U);
}

BOOST_FIXTURE_TEST_CASE(a_buffer_freed_by_who_hears_of_a_failing_call_on_it_goes_once_that_call_ends, OnManager) {
    expected_teardown_failures = 1;
    for (const bool named : {true, false}) {
        auto owner = named ? Buffer<float>() : manager.make_buffer<float>("x", 1000);
        const BufferHandle<float> made = named ? manager.allocate<float>("x", 1000) : owner;
        expected_teardown_failures = named ? 1 : 2;
        sim.fail(Verb::stream_synchronize, 1, 999);
        sim.fail(Verb::stream_synchronize, 2, 999);  // and the one that waits for what was queued
        int told = 0;
        const Listening listening([&](const std::string&) {
            ++told;
            named ? manager.free("x") : owner.reset();
        }, log::Level::warn);
        BOOST_CHECK_THROW(made.fill(1.0F), device_error);
        BOOST_TEST(told == 1);
        BOOST_TEST(!made.valid());
        BOOST_TEST(manager.total_allocated_bytes() == 0U);
        BOOST_TEST(manager.core()->memory.total() == 0U);
        BOOST_TEST(manager.core()->resources->pool.statistics().live_blocks == 0U);
    }
}

BOOST_FIXTURE_TEST_CASE(threads_allocate_grow_and_free_at_once, OnManager) {
    std::vector<std::thread> threads;
    std::atomic<int> wrong{0};
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&, i] {
            const Stream own(sim);
            for (int turn = 0; turn < 25; ++turn) {
                const std::string name = std::to_string(i) + "." + std::to_string(turn % 3);
                const auto made = manager.allocate<float>(name, 100, {}, own.handle());
                made.fill(static_cast<float>(i), own.handle());
                made.ensure_capacity(5000, own.handle());
                if (made.download()[99] != static_cast<float>(i)) ++wrong;
                manager.free(name);
            }
        });
    }
    for (int turn = 0; turn < 50; ++turn) static_cast<void>(manager.stats());
    for (auto& thread : threads) thread.join();
    BOOST_TEST(wrong == 0);
    BOOST_TEST(manager.total_allocated_bytes() == 0U);
    BOOST_TEST(manager.stats().allocation_count == 100U);
    BOOST_TEST(manager.stats().resize_count == 100U);
}

BOOST_FIXTURE_TEST_CASE(threads_that_allocate_one_name_get_one_buffer, OnManager) {
    const Quiet quiet;
    std::vector<std::thread> threads;
    std::vector<float*> addresses(4);
    for (std::size_t i = 0; i < 4; ++i) {
        threads.emplace_back([&, i] { addresses[i] = manager.allocate<float>("one", 1000).data(); });
    }
    for (auto& thread : threads) thread.join();
    for (float* address : addresses) BOOST_TEST(address == addresses[0]);
    BOOST_TEST(manager.stats().buffer_count == 1U);
    BOOST_TEST(manager.total_allocated_bytes() == 4000U);
}

BOOST_AUTO_TEST_SUITE_END()
