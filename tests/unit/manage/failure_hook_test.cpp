// SPDX-License-Identifier: Apache-2.0
// The failure hook: what it may do, what it may not, and what it leaves when it throws.
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <triune/graph/cell_buffers.hpp>
#include <triune/graph/graph_arrays.hpp>
#include <triune/resource/pool_account.hpp>

#include "on_manager.hpp"

using namespace triune;

namespace {

struct OnTightManager : OnManager {
    OnTightManager() : OnManager(10000) {}
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(failure_hook, OnTightManager)

BOOST_AUTO_TEST_CASE(what_it_throws_reaches_the_caller_and_nothing_has_changed) {
    manager.set_failure_hook([](std::size_t) -> bool { throw std::domain_error("hook"); });
    const auto made = manager.allocate<float>("x", 1000);
    made.fill(3.0F);
    BOOST_CHECK_THROW(made.ensure_capacity(5000), std::domain_error);
    BOOST_CHECK_THROW(manager.allocate<float>("y", 5000), std::domain_error);
    BOOST_TEST(!manager.contains("y"));
    BOOST_TEST(made.capacity() == 1000U);
    BOOST_TEST(manager.total_allocated_bytes() == 4000U);
    BOOST_TEST(manager.can_allocate(6000));
    made.ensure_capacity(2000);  // the buffer is not locked for good
    BOOST_TEST(made.download()[999] == 3.0F);
}

// The zeroing comes after the memory: what the first try had is given back before the second.
BOOST_AUTO_TEST_CASE(a_try_that_fails_behind_its_memory_keeps_none_for_the_next) {
    const Quiet quiet;
    int asked = 0;
    manager.set_failure_hook([&](std::size_t) { return ++asked == 1; });
    sim.fail(Verb::fill, 1, cuda_error::out_of_memory);
    const auto made = manager.allocate<float>("x", 1000);
    BOOST_TEST(asked == 1);
    BOOST_TEST(manager.total_allocated_bytes() == 4000U);
    manager.free("x");
    BOOST_TEST(manager.stats().pool.live_blocks == 0U);
    BOOST_TEST(manager.total_allocated_bytes() == 0U);
}

BOOST_AUTO_TEST_CASE(what_it_throws_leaves_a_group_and_a_graph_as_they_were) {
    BufferGroup<float> group(manager, "g", {"x", "y"}, 100);
    manager.set_failure_hook([](std::size_t) -> bool { throw std::domain_error("hook"); });
    BOOST_CHECK_THROW(group.ensure_capacity(2000), std::domain_error);  // x alone would fit
    BOOST_TEST(group[0].capacity() == 100U);
    GraphArrays graph(manager, 10, 10);
    const auto before = manager.total_allocated_bytes();
    BOOST_CHECK_THROW(graph.resize(1000, 10), std::domain_error);
    BOOST_TEST(graph.num_nodes == 10U);
    BOOST_TEST(manager.total_allocated_bytes() == before);
    graph.resize(20, 20);
    group.ensure_capacity(200);
}

BOOST_AUTO_TEST_CASE(it_may_drop_the_last_owner_of_the_buffer_that_wants_memory) {
    auto owner = manager.make_buffer<float>("x", 1000);
    manager.set_failure_hook([&](std::size_t) {
        owner.reset();
        return true;
    });
    BOOST_CHECK_THROW(owner.ensure_capacity(5000), stale_handle);
    BOOST_TEST(manager.total_allocated_bytes() == 0U);
    BOOST_TEST(manager.stats().buffer_count == 0U);
}

BOOST_AUTO_TEST_CASE(it_may_use_all_arrays_that_grow_together_and_other_threads_may_meanwhile) {
    BufferGroup<float> group(manager, "g", {"x", "y"}, 100);
    manager.set_failure_hook([&](std::size_t) {
        const auto use = [&] {
            for (std::size_t i = 0; i < 2; ++i) {
                BOOST_TEST(group[i].capacity() == 100U);
                group[i].fill(1.0F);
                group[i].reserve(1);
            }
            group.ensure_capacity(1);
            group.set_size(50);
        };
        use();
        std::thread(use).join();
        return false;
    });
    BOOST_CHECK_THROW(group.ensure_capacity(2000), limit_exceeded);  // x alone would fit
    BOOST_TEST(group.size() == 50U);
    manager.set_failure_hook({});
    group.ensure_capacity(150);
    BOOST_TEST(group[1].download()[49] == 1.0F);
}

BOOST_AUTO_TEST_CASE(it_may_use_a_graph_that_grows) {
    GraphArrays graph(manager, 10, 10);
    int asked = 0;
    manager.set_failure_hook([&](std::size_t) {
        ++asked;
        for (const auto* array : {&graph.pos_in_x, &graph.vel_out_z, &graph.mass}) array->fill(4.0F);
        return false;
    });
    BOOST_CHECK_THROW(graph.resize(200, 10), limit_exceeded);
    BOOST_TEST(asked == 1);
    BOOST_TEST(graph.mass.download()[9] == 4.0F);
}

BOOST_AUTO_TEST_CASE(what_it_asks_for_itself_it_is_not_asked_about) {
    int depth = 0;
    int deepest = 0;
    int calls = 0;
    BufferGroup<float> group(manager, "g", {"x"}, 10);
    const PoolAccount account(manager, "account");
    const auto every_way = std::initializer_list<std::function<void()>>{
        [&] { static_cast<void>(manager.allocate<float>("y", 5000)); },
        [&] { static_cast<void>(manager.make_buffer<float>("y", 5000)); },
        [&] { group.ensure_capacity(5000); },
        [&] { group[0].ensure_capacity(5000); },
        [&] { GraphArrays(manager, 5000, 10); },
        [&] { static_cast<void>(account.allocate(20000, 256, StreamOrder::after_all())); },
    };
    manager.set_failure_hook([&](std::size_t) {
        ++calls;
        deepest = std::max(deepest, ++depth);
        for (const auto& way : every_way) BOOST_CHECK_THROW(way(), std::exception);
        --depth;
        return false;
    });
    for (const auto& way : every_way) BOOST_CHECK_THROW(way(), std::exception);
    BOOST_TEST(calls == 6);
    BOOST_TEST(deepest == 1);
}

BOOST_AUTO_TEST_CASE(inside_it_another_managers_is_asked_and_never_the_same_twice) {
    GpuMemoryManager other(sim, 10000);
    int asked = 0;
    int other_asked = 0;
    manager.set_failure_hook([&](std::size_t) {
        ++asked;
        BOOST_CHECK_THROW(static_cast<void>(other.allocate<float>("y", 5000)), limit_exceeded);
        return false;
    });
    other.set_failure_hook([&](std::size_t) {
        ++other_asked;
        BOOST_CHECK_THROW(static_cast<void>(manager.allocate<float>("z", 5000)), limit_exceeded);
        return false;
    });
    BOOST_CHECK_THROW(static_cast<void>(manager.allocate<float>("x", 5000)), limit_exceeded);
    BOOST_TEST(asked == 1);
    BOOST_TEST(other_asked == 1);
    BOOST_CHECK_THROW(static_cast<void>(manager.allocate<float>("x", 5000)), limit_exceeded);
    BOOST_TEST(asked == 2);
}

BOOST_AUTO_TEST_CASE(one_that_has_thrown_is_asked_again) {
    int asked = 0;
    manager.set_failure_hook([&](std::size_t) -> bool {
        ++asked;
        throw std::domain_error("hook");
    });
    for (int i = 0; i < 2; ++i) {
        BOOST_CHECK_THROW(static_cast<void>(manager.allocate<float>("x", 5000)), std::domain_error);
    }
    BOOST_TEST(asked == 2);
}

BOOST_AUTO_TEST_CASE(a_grid_of_which_it_frees_a_buffer_that_has_grown_grows_as_a_whole) {
    GpuMemoryManager grid(sim, 60'000);
    auto ballast = std::make_unique<Buffer<float>>(grid.make_buffer<float>("ballast", 5000));
    grid.set_failure_hook([&](std::size_t) {
        if (!ballast) return false;
        ballast.reset();
        grid.free("pos_x");
        return true;
    });
    static_cast<void>(grid.get_or_create("pos_x", {}));
    resize_cell_buffers(grid, 100);
    BOOST_TEST(grid.get_untyped("pos_x").capacity_bytes() == 4 * KiB);
    BOOST_TEST(grid.get_untyped("cell_end").capacity_bytes() == 4 * KiB);
    std::size_t recorded = 0;
    for (const auto& record : grid.check_leaks(RecordFilter::all)) recorded += record.bytes;
    BOOST_TEST(recorded == grid.total_allocated_bytes());
    BOOST_TEST(grid.stats().buffer_count == 13U);
}

BOOST_AUTO_TEST_CASE(what_it_has_captured_may_be_buffers_of_the_same_manager) {
    auto kept = std::make_shared<Buffer<float>>(manager.make_buffer<float>("kept", 1000));
    manager.set_failure_hook([kept](std::size_t) { return false; });
    kept.reset();
    BOOST_TEST(manager.stats().buffer_count == 1U);
    BOOST_CHECK_THROW(manager.allocate<float>("x", 5000), limit_exceeded);
    manager.set_failure_hook({});  // frees it
    BOOST_TEST(manager.stats().buffer_count == 0U);
}

BOOST_AUTO_TEST_CASE(it_may_replace_itself_while_it_runs) {
    int asked = 0;
    manager.set_failure_hook([&](std::size_t) {
        ++asked;
        manager.set_failure_hook({});
        return true;
    });
    BOOST_CHECK_THROW(manager.allocate<float>("x", 5000), limit_exceeded);
    BOOST_TEST(asked == 1);
}

BOOST_AUTO_TEST_CASE(it_goes_with_its_manager_and_owners_grow_on_without_it) {
    int asked = 0;
    std::optional<GpuMemoryManager> brief(std::in_place, sim, 10000);
    const auto owner = brief->make_buffer<float>("x", 1000);
    brief->set_failure_hook([&](std::size_t) { return ++asked == 0; });
    BOOST_CHECK_THROW(owner.ensure_capacity(5000), limit_exceeded);
    BOOST_TEST(asked == 1);
    brief.reset();
    BOOST_CHECK_THROW(owner.ensure_capacity(5000), limit_exceeded);
    BOOST_TEST(asked == 1);
    owner.ensure_capacity(2000);
}

BOOST_AUTO_TEST_CASE(it_is_asked_where_a_download_finds_no_memory) {
    sim::SimDevice full(small(34 * MiB));
    {
        GpuMemoryManager tight(full);
        const Stream producer(full);
        BufferConfig config = with_downloads();
        config.max_size_bytes = 24 * MiB;
        const auto source = tight.allocate<float>("source", 24 * MiB / 4, config);
        auto other = std::make_unique<Buffer<float>>(tight.make_buffer<float>("other", 10 * MiB / 4));
        const std::string what = message_of<out_of_memory>([&] { source.start_async_download(producer.handle()); });
        BOOST_TEST(mentions(what, "'source'"));
        BOOST_TEST(mentions(what, std::to_string(24 * MiB)));
        source.set_size(4 * MiB / 4);
        tight.set_failure_hook([&](std::size_t bytes) {
            BOOST_TEST(bytes == 4 * MiB);
            other.reset();
            return true;
        });
        source.start_async_download(producer.handle());
        BOOST_TEST(source.wait_for_download().size() == 4 * MiB / 4);
        BOOST_TEST(tight.stats().async_transfer_count == 1U);
    }
    BOOST_TEST(full.ledger().balanced(), full.ledger().describe());
}

BOOST_AUTO_TEST_CASE(before_it_is_asked_for_a_download_memory_that_no_buffer_holds_is_given_back) {
    sim::SimDevice full(small(48 * MiB));
    {
        GpuMemoryManager tight(full);
        const Stream producer(full);
        tight.set_failure_hook([](std::size_t) -> bool { throw std::domain_error("asked too early"); });
        auto in_arena = tight.make_buffer<float>("arena", 20 * MiB / 4, mapped());
        BufferConfig config = with_downloads();
        config.max_size_bytes = 20 * MiB;  // in the pool
        const auto source = tight.allocate<float>("source", 20 * MiB / 4, config);
        in_arena.fill(1.0F, producer.handle());
        in_arena.reset(producer.handle());  // its arena waits for that
        source.start_async_download(producer.handle());
        BOOST_TEST(source.wait_for_download().size() == 20 * MiB / 4);
    }
    BOOST_TEST(full.ledger().balanced(), full.ledger().describe());
}

BOOST_AUTO_TEST_SUITE_END()
