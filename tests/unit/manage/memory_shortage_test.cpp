// SPDX-License-Identifier: Apache-2.0
// What a manager does where memory is short: the limit, a full device, the failure hook, and what it says.
#include <boost/test/unit_test.hpp>

#include <string>

#include "on_manager.hpp"

using namespace triune;

namespace {

struct OnTightManager : OnManager {
    OnTightManager() : OnManager(10000) {}
};

}  // namespace

BOOST_AUTO_TEST_SUITE(memory_shortage)

BOOST_FIXTURE_TEST_CASE(the_limit_holds_to_the_byte, OnTightManager) {
    BOOST_TEST(manager.limit_bytes() == 10000U);
    static_cast<void>(manager.allocate<std::uint8_t>("x", 9999));
    BOOST_TEST(manager.can_allocate(1));
    BOOST_TEST(!manager.can_allocate(2));
    BOOST_CHECK_THROW(manager.allocate<std::uint8_t>("y", 2), limit_exceeded);
    static_cast<void>(manager.allocate<std::uint8_t>("y", 1));
    BOOST_TEST(manager.total_allocated_bytes() == 10000U);
}

BOOST_FIXTURE_TEST_CASE(a_request_past_the_limit_names_the_figures_and_the_holders_and_changes_nothing,
                        OnTightManager) {
    const auto made = manager.allocate<float>("greedy", 2000);
    const std::string what = message_of<limit_exceeded>([&] { made.ensure_capacity(2600); });
    for (const char* words : {"'greedy'", "4000", "8000", "10000", "memory_shortage_test.cpp"})
        BOOST_TEST(mentions(what, words));
    BOOST_TEST(made.size() == 2000U);
    BOOST_TEST(manager.stats().peak_allocated_bytes == 8000U);
    BOOST_TEST(manager.stats().resize_count == 0U);
    BOOST_CHECK_THROW(manager.allocate<float>("other", 600), limit_exceeded);
    BOOST_TEST(!manager.contains("other"));
    BOOST_TEST(manager.stats().buffer_count == 1U);
    BOOST_TEST(manager.check_leaks(RecordFilter::all).size() == 1U);
}

BOOST_FIXTURE_TEST_CASE(a_limit_of_nothing_refuses_every_byte_but_knows_empty_buffers, BalancedSim) {
    GpuMemoryManager none(sim, 0);
    BOOST_TEST(none.allocate<float>("x", 0).empty());
    BOOST_CHECK_THROW(none.ensure_capacity<float>("x", 1), limit_exceeded);
}

BOOST_FIXTURE_TEST_CASE(the_failure_hook_may_free_others_and_have_the_request_tried_again, OnTightManager) {
    static_cast<void>(manager.allocate<float>("expendable", 1500));
    int asked = 0;
    manager.set_failure_hook([&](std::size_t bytes) {
        ++asked;
        BOOST_TEST(bytes == 8000U);
        BOOST_TEST(manager.stats().buffer_stats.size() == 1U);  // may look around; what is asked for is not there yet
        manager.free("expendable");
        return true;
    });
    BOOST_TEST(manager.allocate<float>("wanted", 2000).size() == 2000U);
    BOOST_TEST(asked == 1);
}

BOOST_FIXTURE_TEST_CASE(a_failure_hook_that_gives_up_lets_the_failure_through, OnTightManager) {
    int asked = 0;
    manager.set_failure_hook([&](std::size_t) { return ++asked < 3; });
    BOOST_CHECK_THROW(manager.allocate<float>("x", 5000), limit_exceeded);
    BOOST_TEST(asked == 3);
    manager.set_failure_hook({});
    BOOST_CHECK_THROW(manager.allocate<float>("x", 5000), limit_exceeded);
    BOOST_TEST(asked == 3);
}

BOOST_FIXTURE_TEST_CASE(a_failure_hook_may_free_unused_buffers_and_even_the_one_that_grows, OnTightManager) {
    const auto unused = manager.allocate<float>("unused", 1500);
    unused.set_size(0);
    const auto growing = manager.allocate<float>("growing", 500);
    manager.set_failure_hook([&](std::size_t) { return manager.free_unused() > 0; });
    growing.ensure_capacity(2000);
    BOOST_TEST(!unused.valid());
    manager.set_failure_hook([&](std::size_t) {
        manager.free("growing");
        return true;
    });
    BOOST_CHECK_THROW(growing.ensure_capacity(3000), stale_handle);
    BOOST_TEST(manager.total_allocated_bytes() == 0U);
}

BOOST_FIXTURE_TEST_CASE(a_failure_hook_that_throws_leaves_everything, OnTightManager) {
    const auto made = manager.allocate<float>("x", 2000);
    manager.set_failure_hook([](std::size_t) -> bool { throw std::runtime_error("no"); });
    BOOST_CHECK_THROW(made.ensure_capacity(3000), std::runtime_error);
    manager.set_failure_hook({});
    BOOST_TEST(manager.total_allocated_bytes() == 8000U);
    BOOST_TEST(manager.allocate<float>("y", 500).size() == 500U);
}

BOOST_FIXTURE_TEST_CASE(a_full_device_is_out_of_memory_and_names_the_holders, OnManager) {
    const auto holder = manager.allocate<float>("holder", 50 * MiB);  // 200 of 256 MiB
    const std::string what =
        message_of<out_of_memory>([&] { static_cast<void>(manager.allocate<float>("wanted", 20 * MiB)); });
    BOOST_TEST(mentions(what, "'wanted'"));
    BOOST_TEST(mentions(what, std::to_string(80 * MiB)));
    BOOST_TEST(mentions(what, "'holder'"));
    BOOST_TEST(manager.total_allocated_bytes() == 200 * MiB);
    BOOST_TEST(manager.stats().peak_allocated_bytes == 200 * MiB);
    manager.set_failure_hook([&](std::size_t) {
        manager.free("holder");
        return true;
    });
    BOOST_TEST(manager.allocate<float>("wanted", 20 * MiB).size() == 20 * MiB);
}

BOOST_FIXTURE_TEST_CASE(memory_that_only_the_pool_keeps_is_given_back_before_a_request_fails, OnManager) {
    manager
        .make_buffer<float>("pooled", 30 * MiB,
                            [] {  // at its maximum, so in the pool
                                BufferConfig config;
                                config.max_size_bytes = 120 * MiB;
                                return config;
                            }())
        .reset();
    const auto made = manager.allocate<float>("mapped", 50 * MiB);
    BOOST_TEST(made.size() == 50 * MiB);
}

BOOST_FIXTURE_TEST_CASE(figures_in_a_refusal_are_those_without_the_request, OnTightManager) {
    const auto refusal = [&](auto&& call) { return message_of<limit_exceeded>(call); };
    const std::string first = refusal([&] { static_cast<void>(manager.allocate<float>("x", 5000)); });
    BOOST_TEST(mentions(first,
                        "'x' needs 19.5 KiB (20000 bytes), but the manager's limit of 9.8 KiB (10000 bytes) "
                        "leaves 9.8 KiB (10000 bytes)\n"),
               first);
    BOOST_TEST(mentions(first, "the manager holds 0 bytes, its limit is 9.8 KiB (10000 bytes)\n"), first);
    const auto held = manager.allocate<float>("held", 100);
    BufferGroup<float> group(manager, "g", {"x", "y"}, 0);
    const std::string what = refusal([&] { group.ensure_capacity(2000); });
    BOOST_TEST(mentions(what, "the manager holds 400 bytes, its limit is 9.8 KiB (10000 bytes)\n"), what);
    BOOST_TEST(mentions(what, "7.8 KiB (8000 bytes) more are asked for by calls under way\n"), what);  // by 'g.x'
    BOOST_TEST(mentions(what, "\n    400 bytes by 'held' (float, "), what);
    BOOST_TEST(!mentions(what, "g.x"), what);  // holds nothing yet
    BOOST_TEST(mentions(refusal([&] { held.ensure_capacity(5000); }), "'held' has 400 bytes and needs 19.1 KiB"));
}

BOOST_FIXTURE_TEST_CASE(figures_of_a_full_device_are_those_without_the_request, OnManager) {
    GpuMemoryManager wide(sim, 1000 * GiB);
    const auto what = [&] {
        return message_of<out_of_memory>([&] { static_cast<void>(wide.make_buffer<float>("wanted", 200 * GiB)); });
    };
    BOOST_TEST(mentions(what(), "the manager holds 0 bytes, its limit"), what());
    BOOST_TEST(!mentions(what(), " by '"), what());
    BOOST_TEST(!mentions(what(), "calls under way"), what());
    const auto holder = wide.make_buffer<float>("holder", 1 * MiB);
    BOOST_TEST(mentions(what(), "the manager holds 4 MiB (4194304 bytes), its limit"), what());
    BOOST_TEST(mentions(what(), "4 MiB (4194304 bytes) by 'holder' (float, "), what());
    const std::string grows = message_of<out_of_memory>([&] { holder.ensure_capacity(200 * GiB); });
    BOOST_TEST(mentions(grows, "the manager holds 4 MiB (4194304 bytes), its limit"), grows);
    BOOST_TEST(!mentions(grows, "calls under way"), grows);
}

BOOST_AUTO_TEST_SUITE_END()
