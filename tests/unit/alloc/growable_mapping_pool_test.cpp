// SPDX-License-Identifier: Apache-2.0
// Arenas that wait for the work that still uses them, and then for a buffer.
#include <boost/test/unit_test.hpp>

#include <memory>
#include <vector>

#include <triune/alloc/device_memory/growable_mapping_pool.hpp>
#include <triune/base/log.hpp>

#include "on_chunks.hpp"

using namespace triune;

namespace {

struct OnArenas : OnChunks {
    explicit OnArenas(std::size_t most_idle_bytes = 64 * MiB, sim::SimOptions options = small(GiB))
        : OnChunks(options), arenas(chunks, most_idle_bytes) {}

    ArenaPool arenas;
    Stream stream{sim};

    std::unique_ptr<PooledArena> arena(std::size_t bytes = 4 * MiB) { return arenas.obtain(bytes, bytes); }
    // Writes to the arena later, on the stream.
    void use(const PooledArena& used) { BOOST_TEST(sim.fill(used.arena.data(), 1, 1, 4 * MiB, stream.handle()).ok()); }
    void retire(std::unique_ptr<PooledArena> used) { arenas.retire(std::move(used), StreamOrder::on(stream.handle())); }
    // Nothing is queued that might use it any more.
    void retire_unused(std::unique_ptr<PooledArena> used) {
        retire(std::move(used));
        stream.synchronize();
    }
    std::size_t mappings() const { return sim.ledger().mappings; }
};

// Keeps nothing: what is no longer used is unmapped at once.
struct OnNoArenas : OnArenas {
    OnNoArenas() : OnArenas(0) {}
};

struct OnLateArenas : OnArenas {
    OnLateArenas() : OnArenas(64 * MiB, late()) {}
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(arena_pool, OnArenas)

BOOST_AUTO_TEST_CASE(a_retired_arena_serves_the_next_of_its_size_without_a_call_that_maps) {
    auto used = arena();
    const void* const place = used->arena.data();
    retire_unused(std::move(used));
    const auto maps = sim.calls(Verb::map);
    const auto again = arena();
    BOOST_TEST(again->arena.data() == place);
    BOOST_TEST(sim.calls(Verb::map) == maps);
    BOOST_TEST(arenas.retired_bytes() == 0U);
}

BOOST_AUTO_TEST_CASE(an_arena_that_queued_work_uses_serves_nobody) {
    auto used = arena();
    const void* const place = used->arena.data();
    const Held held(sim);
    use(*used);
    retire(std::move(used));
    BOOST_TEST(arena()->arena.data() != place);
    BOOST_TEST(arenas.retired_bytes() == 4 * MiB);
}

BOOST_FIXTURE_TEST_CASE(one_that_is_used_for_long_hides_none_behind_it, OnLateArenas) {
    const Stream other(sim);
    std::vector<std::unique_ptr<PooledArena>> busy;
    for (int i = 0; i < 20; ++i) busy.push_back(arena());
    auto idle = arena(6 * MiB);
    const void* const place = idle->arena.data();
    for (auto& each : busy) {
        use(*each);
        retire(std::move(each));
    }
    arenas.retire(std::move(idle), StreamOrder::on(other.handle()));
    other.synchronize();
    bool served = false;
    for (int i = 0; i < 3 && !served; ++i) served = arena(6 * MiB)->arena.data() == place;
    BOOST_TEST(served);
}

BOOST_AUTO_TEST_CASE(the_arena_that_wastes_least_is_taken) {
    auto big = arena(36 * MiB);
    auto fitting = arena(34 * MiB);
    const void* const place = fitting->arena.data();
    retire_unused(std::move(big));
    retire_unused(std::move(fitting));
    const auto found = arenas.obtain(32 * MiB, 32 * MiB);
    BOOST_TEST(found->arena.data() == place);
    BOOST_TEST(found->arena.committed_bytes() == 34 * MiB);
}

BOOST_AUTO_TEST_CASE(one_that_would_waste_much_is_not) {
    retire_unused(arena(40 * MiB));
    BOOST_TEST(arena(32 * MiB)->arena.committed_bytes() == 32 * MiB);
    BOOST_TEST(arenas.retired_bytes() == 40 * MiB);
}

BOOST_AUTO_TEST_CASE(what_an_arena_had_grown_by_is_taken_off) {
    auto grown = arenas.obtain(64 * MiB, 8 * MiB);
    grown->arena.commit(20 * MiB);
    const void* const place = grown->arena.data();
    retire_unused(std::move(grown));
    const auto maps = sim.calls(Verb::map);
    const auto found = arenas.obtain(64 * MiB, 8 * MiB);
    BOOST_TEST(found->arena.data() == place);
    BOOST_TEST(found->arena.committed_bytes() == 8 * MiB);
    BOOST_TEST(sim.calls(Verb::map) == maps);
    BOOST_TEST(arenas.retired_bytes() == 0U);
}

BOOST_AUTO_TEST_CASE(one_with_too_few_addresses_is_not) {
    retire_unused(arena());
    BOOST_TEST(arenas.obtain(64 * MiB, 4 * MiB)->arena.reserved_bytes() == 64 * MiB);
}

BOOST_AUTO_TEST_CASE(beyond_the_bound_the_oldest_go) {
    auto first = arena(40 * MiB);
    auto second = arena(50 * MiB);
    retire_unused(std::move(first));
    retire_unused(std::move(second));
    const auto third = arena(2 * MiB);  // asks
    BOOST_TEST(mappings() == 2U);
    BOOST_TEST(arenas.retired_bytes() == 50 * MiB);
}

BOOST_AUTO_TEST_CASE(a_call_drops_two_at_most) {
    std::vector<std::unique_ptr<PooledArena>> many;
    for (int i = 0; i < 5; ++i) many.push_back(arena(60 * MiB));
    {
        const Held held(sim);
        for (auto& each : many) {
            use(*each);
            retire(std::move(each));
        }
    }
    stream.synchronize();
    BOOST_TEST(mappings() == 5U);
    const auto one = arena(2 * MiB);
    BOOST_TEST(mappings() == 4U);
    const auto another = arena(2 * MiB);
    BOOST_TEST(mappings() == 3U);  // with one of 60 MiB the bound is kept
}

BOOST_AUTO_TEST_CASE(draining_waits_for_the_work_and_releases_all) {
    std::vector<std::unique_ptr<PooledArena>> used;
    for (int i = 0; i < 3; ++i) used.push_back(arena());
    for (auto& each : used) {
        use(*each);
        retire(std::move(each));
    }
    arenas.drain();
    BOOST_TEST(mappings() == 0U);
    BOOST_TEST(arenas.retired_bytes() == 0U);
}

BOOST_AUTO_TEST_CASE(an_arena_without_its_event_is_not_made) {
    sim.fail(Verb::event_create, 1, cuda_error::unknown);
    BOOST_CHECK_THROW(arena(), device_error);
    BOOST_TEST(sim.ledger().reservations == 0U);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(arena_pool_that_keeps_nothing, OnNoArenas)

BOOST_AUTO_TEST_CASE(an_arena_stays_mapped_until_the_work_on_its_stream_is_done) {
    auto used = arena();
    {
        const Held held(sim);
        use(*used);
        retire(std::move(used));
        BOOST_TEST(mappings() == 1U);
    }
    stream.synchronize();
    const auto next = arena(2 * MiB);
    BOOST_TEST(arenas.retired_bytes() == 0U);
}

BOOST_AUTO_TEST_CASE(an_arena_that_nothing_uses_goes_with_the_next_call) {
    retire_unused(arena());
    const auto next = arena(2 * MiB);
    BOOST_TEST(mappings() == 1U);
    BOOST_TEST(arenas.retired_bytes() == 0U);
}

BOOST_AUTO_TEST_CASE(without_a_stream_all_queued_work_is_waited_for) {
    auto used = arena();
    {
        const Held held(sim);
        use(*used);
        arenas.retire(std::move(used), StreamOrder::after_all());
        BOOST_TEST(mappings() == 1U);
    }
    arenas.drain();
    BOOST_TEST(mappings() == 0U);
    BOOST_TEST(stream.query());
}

BOOST_AUTO_TEST_CASE(where_the_order_cannot_be_recorded_it_is_tried_again) {
    auto used = arena();
    {
        const Held held(sim);
        use(*used);
        sim.fail(Verb::event_record, 1, cuda_error::unknown);
        sim.fail(Verb::event_record_device, 1, cuda_error::unknown);
        const auto waits = sim.calls(Verb::synchronize) + sim.calls(Verb::synchronize_within);
        retire(std::move(used));
        BOOST_TEST(mappings() == 1U);
        BOOST_TEST(sim.calls(Verb::synchronize) + sim.calls(Verb::synchronize_within) == waits);
    }
    stream.synchronize();
    retire_unused(arena());
    BOOST_TEST(mappings() == 0U);
}

BOOST_AUTO_TEST_CASE(an_arena_that_no_event_orders_goes_after_a_wait_for_the_device) {
    auto used = arena();
    {
        const Held held(sim);
        use(*used);
        sim.fail(Verb::event_record, 1, cuda_error::unknown);
        sim.fail(Verb::event_record_device, 1, cuda_error::unknown);
        retire(std::move(used));
        arenas.drain(std::chrono::nanoseconds(0));  // the work goes on: it stays
        BOOST_TEST(mappings() == 1U);
    }
    arenas.drain();
    BOOST_TEST(mappings() == 0U);
    BOOST_TEST(stream.query());
}

BOOST_AUTO_TEST_CASE(a_question_that_fails_leaves_the_arena_for_the_next_time) {
    log::set_level(log::Level::off);
    auto used = arena();
    sim.fail(Verb::event_query, 1, cuda_error::unknown);
    retire_unused(std::move(used));
    BOOST_TEST(arenas.retired_bytes() == 4 * MiB);
    const auto next = arena(2 * MiB);
    BOOST_TEST(arenas.retired_bytes() == 0U);
    expected_teardown_failures = 1;
    log::set_level(log::Level::warn);
}

BOOST_AUTO_TEST_CASE(a_wait_that_fails_leaves_the_arena_for_the_next_time) {
    log::set_level(log::Level::off);
    auto used = arena();
    {
        const Held held(sim);
        use(*used);
        retire(std::move(used));
    }
    sim.fail(Verb::event_wait, 1, cuda_error::unknown);
    arenas.drain();
    BOOST_TEST(mappings() == 1U);
    arenas.drain();
    BOOST_TEST(mappings() == 0U);
    expected_teardown_failures = 1;
    log::set_level(log::Level::warn);
}

BOOST_AUTO_TEST_SUITE_END()
