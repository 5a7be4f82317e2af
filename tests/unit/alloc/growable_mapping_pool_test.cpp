// SPDX-License-Identifier: Apache-2.0
// Growable mappings that wait for the work that still uses them, and then for a buffer.
#include <boost/test/unit_test.hpp>

#include <memory>
#include <vector>

#include <triune/base/log.hpp>
#include <triune/detail/alloc/device_memory/growable_mapping_pool.hpp>

#include "on_chunks.hpp"

using namespace triune;

namespace {

struct OnGrowableMappings : OnChunks {
    explicit OnGrowableMappings(std::size_t max_free_bytes = 64 * MiB, sim::SimOptions options = small(GiB))
        : OnChunks(options), mappings(chunks, max_free_bytes) {}

    GrowableMappingPool mappings;
    Stream stream{sim};

    std::unique_ptr<PooledMapping> mapping(std::size_t bytes = 4 * MiB) { return mappings.acquire(bytes, bytes); }
    // Writes to the growable mapping later, on the stream.
    void use(const PooledMapping& used) {
        BOOST_TEST(sim.fill(used.mapping.data(), 1, 1, 4 * MiB, stream.handle()).ok());
    }
    void release(std::unique_ptr<PooledMapping> used) {
        mappings.release(std::move(used), StreamOrder::on(stream.handle()));
    }
    // Nothing is queued that might use it any more.
    void drop_unused(std::unique_ptr<PooledMapping> used) {
        release(std::move(used));
        stream.synchronize();
    }
    std::size_t mapped_count() const { return sim.ledger().mappings; }
};

// Keeps nothing: what is no longer used is unmapped at once.
struct OnNoArenas : OnGrowableMappings {
    OnNoArenas() : OnGrowableMappings(0) {}
};

struct OnLateArenas : OnGrowableMappings {
    OnLateArenas() : OnGrowableMappings(64 * MiB, late()) {}
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(growable_mapping_pool, OnGrowableMappings)

BOOST_AUTO_TEST_CASE(a_retired_arena_serves_the_next_of_its_size_without_a_call_that_maps) {
    auto used = mapping();
    const void* const place = used->mapping.data();
    drop_unused(std::move(used));
    const auto maps = sim.calls(Verb::map);
    const auto again = mapping();
    BOOST_TEST(again->mapping.data() == place);
    BOOST_TEST(sim.calls(Verb::map) == maps);
    BOOST_TEST(mappings.retired_bytes() == 0U);
}

BOOST_AUTO_TEST_CASE(an_arena_that_queued_work_uses_serves_nobody) {
    auto used = mapping();
    const void* const place = used->mapping.data();
    const Held held(sim);
    use(*used);
    release(std::move(used));
    BOOST_TEST(mapping()->mapping.data() != place);
    BOOST_TEST(mappings.retired_bytes() == 4 * MiB);
}

BOOST_FIXTURE_TEST_CASE(one_that_is_used_for_long_hides_none_behind_it, OnLateArenas) {
    const Stream other(sim);
    std::vector<std::unique_ptr<PooledMapping>> busy;
    for (int i = 0; i < 20; ++i) busy.push_back(mapping());
    auto idle = mapping(6 * MiB);
    const void* const place = idle->mapping.data();
    for (auto& each : busy) {
        use(*each);
        release(std::move(each));
    }
    mappings.release(std::move(idle), StreamOrder::on(other.handle()));
    other.synchronize();
    bool served = false;
    for (int i = 0; i < 3 && !served; ++i) served = mapping(6 * MiB)->mapping.data() == place;
    BOOST_TEST(served);
}

BOOST_AUTO_TEST_CASE(the_arena_that_wastes_least_is_taken) {
    auto big = mapping(36 * MiB);
    auto fitting = mapping(34 * MiB);
    const void* const place = fitting->mapping.data();
    drop_unused(std::move(big));
    drop_unused(std::move(fitting));
    const auto found = mappings.acquire(32 * MiB, 32 * MiB);
    BOOST_TEST(found->mapping.data() == place);
    BOOST_TEST(found->mapping.committed_bytes() == 34 * MiB);
}

BOOST_AUTO_TEST_CASE(one_that_would_waste_much_is_not) {
    drop_unused(mapping(40 * MiB));
    BOOST_TEST(mapping(32 * MiB)->mapping.committed_bytes() == 32 * MiB);
    BOOST_TEST(mappings.retired_bytes() == 40 * MiB);
}

BOOST_AUTO_TEST_CASE(what_an_arena_had_grown_by_is_taken_off) {
    auto grown = mappings.acquire(64 * MiB, 8 * MiB);
    grown->mapping.commit(20 * MiB);
    const void* const place = grown->mapping.data();
    drop_unused(std::move(grown));
    const auto maps = sim.calls(Verb::map);
    const auto found = mappings.acquire(64 * MiB, 8 * MiB);
    BOOST_TEST(found->mapping.data() == place);
    BOOST_TEST(found->mapping.committed_bytes() == 8 * MiB);
    BOOST_TEST(sim.calls(Verb::map) == maps);
    BOOST_TEST(mappings.retired_bytes() == 0U);
}

BOOST_AUTO_TEST_CASE(one_with_too_few_addresses_is_not) {
    drop_unused(mapping());
    BOOST_TEST(mappings.acquire(64 * MiB, 4 * MiB)->mapping.reserved_bytes() == 64 * MiB);
}

BOOST_AUTO_TEST_CASE(beyond_the_bound_the_oldest_go) {
    auto first = mapping(40 * MiB);
    auto second = mapping(50 * MiB);
    drop_unused(std::move(first));
    drop_unused(std::move(second));
    const auto third = mapping(2 * MiB);  // asks
    BOOST_TEST(mapped_count() == 2U);
    BOOST_TEST(mappings.retired_bytes() == 50 * MiB);
}

BOOST_AUTO_TEST_CASE(a_call_drops_two_at_most) {
    std::vector<std::unique_ptr<PooledMapping>> many;
    for (int i = 0; i < 5; ++i) many.push_back(mapping(60 * MiB));
    {
        const Held held(sim);
        for (auto& each : many) {
            use(*each);
            release(std::move(each));
        }
    }
    stream.synchronize();
    BOOST_TEST(mapped_count() == 5U);
    const auto one = mapping(2 * MiB);
    BOOST_TEST(mapped_count() == 4U);
    const auto another = mapping(2 * MiB);
    BOOST_TEST(mapped_count() == 3U);  // with one of 60 MiB the bound is kept
}

BOOST_AUTO_TEST_CASE(draining_waits_for_the_work_and_releases_all) {
    std::vector<std::unique_ptr<PooledMapping>> used;
    for (int i = 0; i < 3; ++i) used.push_back(mapping());
    for (auto& each : used) {
        use(*each);
        release(std::move(each));
    }
    mappings.trim_all();
    BOOST_TEST(mapped_count() == 0U);
    BOOST_TEST(mappings.retired_bytes() == 0U);
}

BOOST_AUTO_TEST_CASE(an_arena_without_its_event_is_not_made) {
    sim.fail(Verb::event_create, 1, cuda_error::unknown);
    BOOST_CHECK_THROW(mapping(), device_error);
    BOOST_TEST(sim.ledger().reservations == 0U);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(growable_mapping_pool_that_keeps_nothing, OnNoArenas)

BOOST_AUTO_TEST_CASE(an_arena_stays_mapped_until_the_work_on_its_stream_is_done) {
    auto used = mapping();
    {
        const Held held(sim);
        use(*used);
        release(std::move(used));
        BOOST_TEST(mapped_count() == 1U);
    }
    stream.synchronize();
    const auto next = mapping(2 * MiB);
    BOOST_TEST(mappings.retired_bytes() == 0U);
}

BOOST_AUTO_TEST_CASE(an_arena_that_nothing_uses_goes_with_the_next_call) {
    drop_unused(mapping());
    const auto next = mapping(2 * MiB);
    BOOST_TEST(mapped_count() == 1U);
    BOOST_TEST(mappings.retired_bytes() == 0U);
}

BOOST_AUTO_TEST_CASE(without_a_stream_all_queued_work_is_waited_for) {
    auto used = mapping();
    {
        const Held held(sim);
        use(*used);
        mappings.release(std::move(used), StreamOrder::after_all());
        BOOST_TEST(mapped_count() == 1U);
    }
    mappings.trim_all();
    BOOST_TEST(mapped_count() == 0U);
    BOOST_TEST(stream.query());
}

BOOST_AUTO_TEST_CASE(where_the_order_cannot_be_recorded_it_is_tried_again) {
    auto used = mapping();
    {
        const Held held(sim);
        use(*used);
        sim.fail(Verb::event_record, 1, cuda_error::unknown);
        sim.fail(Verb::event_record_device, 1, cuda_error::unknown);
        const auto waits = sim.calls(Verb::synchronize) + sim.calls(Verb::synchronize_within);
        release(std::move(used));
        BOOST_TEST(mapped_count() == 1U);
        BOOST_TEST(sim.calls(Verb::synchronize) + sim.calls(Verb::synchronize_within) == waits);
    }
    stream.synchronize();
    drop_unused(mapping());
    BOOST_TEST(mapped_count() == 0U);
}

BOOST_AUTO_TEST_CASE(an_arena_that_no_event_orders_goes_after_a_wait_for_the_device) {
    auto used = mapping();
    {
        const Held held(sim);
        use(*used);
        sim.fail(Verb::event_record, 1, cuda_error::unknown);
        sim.fail(Verb::event_record_device, 1, cuda_error::unknown);
        release(std::move(used));
        mappings.trim_all(std::chrono::nanoseconds(0));  // the work goes on: it stays
        BOOST_TEST(mapped_count() == 1U);
    }
    mappings.trim_all();
    BOOST_TEST(mapped_count() == 0U);
    BOOST_TEST(stream.query());
}

BOOST_AUTO_TEST_CASE(a_question_that_fails_leaves_the_arena_for_the_next_time) {
    log::set_level(log::Level::off);
    auto used = mapping();
    sim.fail(Verb::event_query, 1, cuda_error::unknown);
    drop_unused(std::move(used));
    BOOST_TEST(mappings.retired_bytes() == 4 * MiB);
    const auto next = mapping(2 * MiB);
    BOOST_TEST(mappings.retired_bytes() == 0U);
    expected_teardown_failures = 1;
    log::set_level(log::Level::warn);
}

BOOST_AUTO_TEST_CASE(a_wait_that_fails_leaves_the_arena_for_the_next_time) {
    log::set_level(log::Level::off);
    auto used = mapping();
    {
        const Held held(sim);
        use(*used);
        release(std::move(used));
    }
    sim.fail(Verb::event_wait, 1, cuda_error::unknown);
    mappings.trim_all();
    BOOST_TEST(mapped_count() == 1U);
    mappings.trim_all();
    BOOST_TEST(mapped_count() == 0U);
    expected_teardown_failures = 1;
    log::set_level(log::Level::warn);
}

BOOST_AUTO_TEST_SUITE_END()
