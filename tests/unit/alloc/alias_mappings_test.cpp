// SPDX-License-Identifier: Apache-2.0
// Chunks that are mapped at their primary mappings and in aliases.
#include <boost/test/unit_test.hpp>

#include <algorithm>

#include <triune/base/log.hpp>
#include <triune/detail/alloc/mapping/alias_mappings.hpp>

#include "on_chunks.hpp"

using namespace triune;

namespace {

struct OnAliasMappings : OnChunks {
    explicit OnAliasMappings(sim::SimOptions options = small()) : OnChunks(options) {}

    // Primary mappings in the first 32 MiB, aliases behind the first 2 of the second.
    AliasMappings mappings{chunks, 64 * MiB};
};

struct OnMappingsWithoutEvents : OnAliasMappings {
    static sim::SimOptions options() {
        auto plain = small();
        plain.device_events = false;
        return plain;
    }
    OnMappingsWithoutEvents() : OnAliasMappings(options()) {}
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(alias_mappings, OnAliasMappings)

BOOST_AUTO_TEST_CASE(primary_mappings_map_memory_and_an_alias_shows_it_a_second_time) {
    const auto first = mappings.map_primary(0, 2 * MiB);
    const auto second = mappings.map_primary(8 * MiB, 2 * MiB);
    BOOST_TEST(mappings.committed_bytes() == 4 * MiB);
    const Alias& alias = mappings.make_alias({second.front(), first.front()});
    BOOST_TEST(alias.offset >= mappings.primary_bytes());
    BOOST_TEST(mappings.committed_bytes() == 4 * MiB);
    BOOST_TEST(sim.ledger().chunks == 2U);
    BOOST_TEST(sim.ledger().mappings == 4U);
    mappings.data()[8 * MiB] = std::byte{1};
    mappings.data()[0] = std::byte{2};
    BOOST_TEST((mappings.data()[alias.offset] == std::byte{1}));
    BOOST_TEST((mappings.data()[alias.offset + 2 * MiB] == std::byte{2}));
}

BOOST_AUTO_TEST_CASE(aliases_of_one_size_come_oldest_first) {
    PoolChunk* const first = mappings.map_primary(0, 4 * MiB).front();
    PoolChunk* const second = mappings.map_primary(4 * MiB, 4 * MiB).front();
    const std::size_t oldest = mappings.make_alias({first}).offset;
    mappings.make_alias({second});
    BOOST_TEST(mappings.aliases().lower_bound(first->chunk.bytes)->second.offset == oldest);
}

BOOST_AUTO_TEST_CASE(a_failure_at_any_step_changes_nothing) {
    const auto chunk = mappings.map_primary(0, 4 * MiB);
    const auto before = sim.ledger().describe();
    for (const Verb verb : {Verb::chunk_create, Verb::map, Verb::set_access}) {
        sim.fail(verb, 1, cuda_error::unknown);
        BOOST_CHECK_THROW(mappings.map_primary(4 * MiB, 8 * MiB), device_error);
        BOOST_TEST(sim.ledger().describe() == before);
        if (verb == Verb::chunk_create) continue;  // an alias needs none
        sim.fail(verb, 1, cuda_error::unknown);
        BOOST_CHECK_THROW(mappings.make_alias(chunk), device_error);
        BOOST_TEST(sim.ledger().describe() == before);
        BOOST_TEST(mappings.aliases().empty());
        BOOST_TEST(chunk.front()->places.size() == 1U);
    }
    mappings.make_alias(chunk);
    mappings.map_primary(4 * MiB, 8 * MiB);
}

BOOST_AUTO_TEST_CASE(a_place_that_cannot_be_unmapped_again_is_left_alone) {
    log::set_level(log::Level::off);
    const auto chunk = mappings.map_primary(0, 4 * MiB);
    sim.fail(Verb::set_access, 1, cuda_error::unknown);
    sim.fail(Verb::unmap, 1, cuda_error::unknown);
    BOOST_CHECK_THROW(mappings.make_alias(chunk), device_error);
    sim.fail(Verb::set_access, 1, cuda_error::unknown);
    sim.fail(Verb::unmap, 1, cuda_error::unknown);
    BOOST_CHECK_THROW(mappings.map_primary(4 * MiB, 2 * MiB), device_error);
    log::set_level(log::Level::warn);
    expected_teardown_failures = 2;
    std::size_t lost = 0;
    for (const auto& [offset, mapping] : mappings.mapped()) lost += mapping.chunk == nullptr ? 1 : 0;
    BOOST_TEST(lost == 2U);
    BOOST_TEST(mappings.committed_bytes() == 4 * MiB);
}

BOOST_AUTO_TEST_CASE(releasing_a_chunk_unmaps_it_everywhere) {
    const auto chunk = mappings.map_primary(0, 4 * MiB);
    mappings.make_alias(chunk);
    mappings.make_alias(chunk);
    mappings.drop_aliases();
    BOOST_TEST(mappings.release(*chunk.front()));
    BOOST_TEST(mappings.mapped().empty());
    BOOST_TEST(mappings.committed_bytes() == 0U);
    BOOST_TEST(sim.ledger().chunk_bytes == 0U);
    BOOST_TEST(sim.ledger().mappings == 0U);
}

BOOST_AUTO_TEST_CASE(what_the_device_refuses_to_unmap_stays_and_can_be_released_later) {
    log::set_level(log::Level::off);
    const auto chunk = mappings.map_primary(0, 4 * MiB);
    sim.fail(Verb::unmap, 1, cuda_error::unknown);
    BOOST_TEST(!mappings.release(*chunk.front()));
    log::set_level(log::Level::warn);
    expected_teardown_failures = 1;
    BOOST_TEST(mappings.committed_bytes() == 4 * MiB);
    BOOST_TEST(mappings.release(*chunk.front()));
}

// Six times two MiB may be shown; three more are made than that allows.
BOOST_AUTO_TEST_CASE(the_longest_unused_aliases_are_dropped_and_active_mappings_stay) {
    const auto chunks_made = mappings.map_primary(0, 2 * MiB);
    PoolChunk& chunk = *chunks_made.front();
    const Alias& oldest = mappings.make_alias(chunks_made);
    chunk.active = oldest.offset;
    const Alias& used = mappings.make_alias(chunks_made);
    for (int i = 0; i < 5; ++i) mappings.make_alias(chunks_made);
    mappings.note_used(used);
    const std::size_t used_place = used.offset;
    const auto synchronized = sim.calls(Verb::synchronize);
    mappings.make_alias(chunks_made);
    BOOST_TEST(mappings.aliases().size() == 6U);  // two less, one more
    const auto shows = [&](std::size_t place) {
        return std::any_of(mappings.aliases().begin(), mappings.aliases().end(),
                           [&](const auto& alias) { return alias.second.offset == place; });
    };
    BOOST_TEST(shows(chunk.active));
    BOOST_TEST(shows(used_place));
    mappings.make_alias(chunks_made);
    BOOST_TEST(sim.ledger().mappings == 8U);  // at its primary mapping and in seven aliases
    BOOST_TEST(chunk.places.size() == 8U);
    BOOST_TEST(sim.calls(Verb::synchronize) == synchronized);
}

BOOST_AUTO_TEST_CASE(dropped_places_stay_mapped_until_work_queued_before_is_done) {
    const auto chunks_made = mappings.map_primary(0, 4 * MiB);
    const std::size_t place = mappings.make_alias(chunks_made).offset;
    chunks_made.front()->moved_in_order_of_a_stream = true;
    StreamHandle stream{};
    check(sim.stream_create(stream), "");
    sim.hold_streams();
    check(sim.fill(mappings.data() + place, 7, 1, 4 * MiB, stream), "");
    const std::uint64_t time = mappings.drop_aliases();  // names no stream: only waiting for the device tells
    BOOST_TEST(mappings.aliases().empty());
    mappings.make_alias(chunks_made);
    BOOST_TEST(sim.ledger().mappings == 3U);
    sim.release_streams();
    check(sim.synchronize(), "");
    mappings.waited_for(time);
    BOOST_TEST(sim.ledger().mappings == 2U);
    BOOST_TEST((mappings.data()[0] == std::byte{7}));
    check(sim.stream_destroy(stream), "");
}

BOOST_AUTO_TEST_CASE(places_that_one_streams_work_may_use_are_unmapped_behind_an_event_on_it) {
    const auto chunks_made = mappings.map_primary(0, 2 * MiB);
    chunks_made.front()->moved_in_order_of_a_stream = true;
    const Stream stream(sim);
    const StreamOrder order = StreamOrder::on(stream.handle());
    const std::size_t oldest = mappings.make_alias(chunks_made, order).offset;
    for (int i = 0; i < 6; ++i) mappings.make_alias(chunks_made, order);
    {
        const Held held(sim);
        check(sim.fill(mappings.data() + oldest, 7, 1, 2 * MiB, stream.handle()), "writing there");
        mappings.make_alias(chunks_made, order);  // some are dropped
        BOOST_TEST(mappings.aliases().size() < 8U);
        mappings.make_alias(chunks_made, order);
        BOOST_TEST(mappings.mapped().contains(oldest));
    }
    stream.synchronize();
    BOOST_TEST((mappings.data()[0] == std::byte{7}));
    mappings.make_alias(chunks_made, order);
    BOOST_TEST(!mappings.mapped().contains(oldest));
}

BOOST_AUTO_TEST_CASE(without_a_stream_to_ask_aliases_whose_places_may_be_used_are_kept) {
    const auto chunks_made = mappings.map_primary(0, 2 * MiB);
    chunks_made.front()->moved_in_order_of_a_stream = true;
    for (int i = 0; i < 9; ++i) mappings.make_alias(chunks_made);
    BOOST_TEST(mappings.aliases().size() == 9U);
    chunks_made.front()->moved_in_order_of_a_stream = false;
    mappings.make_alias(chunks_made);
    BOOST_TEST(mappings.aliases().size() < 9U);
}

BOOST_AUTO_TEST_CASE(an_active_mapping_outlives_its_alias) {
    const auto chunks_made = mappings.map_primary(0, 2 * MiB);
    PoolChunk& chunk = *chunks_made.front();
    chunk.active = mappings.make_alias(chunks_made).offset;
    mappings.data()[0] = std::byte{5};
    mappings.drop_aliases();
    mappings.make_alias(chunks_made);
    BOOST_TEST(sim.ledger().mappings == 3U);
    BOOST_TEST((mappings.data()[chunk.active] == std::byte{5}));
}

BOOST_AUTO_TEST_CASE(an_alias_unmaps_little_more_than_it_maps) {
    const auto chunk = mappings.map_primary(0, 2 * MiB);
    mappings.map_primary(2 * MiB, 2 * MiB);
    for (int i = 0; i < 12; ++i) mappings.make_alias(chunk);
    mappings.drop_aliases();
    BOOST_TEST(sim.calls(Verb::unmap) == 0U);
    mappings.make_alias(chunk);
    BOOST_TEST(sim.calls(Verb::unmap) == 9U);
    mappings.make_alias(chunk);
    BOOST_TEST(sim.calls(Verb::unmap) == 12U);
}

BOOST_AUTO_TEST_CASE(a_chunk_that_is_released_takes_its_dropped_places_along) {
    const auto old = mappings.map_primary(0, 2 * MiB);
    const auto other = mappings.map_primary(2 * MiB, 2 * MiB);
    mappings.make_alias(old);
    mappings.drop_aliases();
    BOOST_TEST(mappings.release(*old.front()));
    const std::size_t mapped = mappings.mapped().size();
    mappings.make_alias(other);  // finds nothing to unmap
    BOOST_TEST(mappings.mapped().size() == mapped + 1);
    BOOST_TEST(other.front()->places.size() == 2U);
}

// Its 255 places for aliases are taken once, all but three are dropped, and the first of them is used anew and dropped
// again before its turn has come.
BOOST_AUTO_TEST_CASE(addresses_that_are_dropped_twice_wait_for_the_second_time) {
    AliasMappings wide(chunks, 1 * GiB);
    wide.map_primary(4 * MiB, 96 * MiB);  // so that as much may be shown
    const auto old = wide.map_primary(0, 2 * MiB);
    const auto chunk = wide.map_primary(2 * MiB, 2 * MiB);
    const std::size_t place = wide.make_alias(old).offset;
    for (int i = 0; i < 251; ++i) wide.make_alias(old);
    wide.drop_aliases();
    BOOST_TEST(wide.release(*old.front()));
    for (int i = 0; i < 3; ++i) wide.make_alias(chunk);
    BOOST_TEST_REQUIRE(wide.make_alias(chunk).offset == place);
    const Stream stream(sim);
    std::uint64_t time = 0;
    {
        const Held held(sim);
        check(sim.fill(wide.data() + place, 7, 1, 2 * MiB, stream.handle()), "writing there");
        chunk.front()->moved_in_order_of_a_stream = true;
        time = wide.drop_aliases();
        for (int i = 0; i < 40; ++i) wide.make_alias(chunk);
        BOOST_TEST(wide.mapped().contains(place));
    }
    stream.synchronize();
    BOOST_TEST((wide.data()[2 * MiB] == std::byte{7}));
    wide.waited_for(time);
    BOOST_TEST(!wide.mapped().contains(place));
}

BOOST_AUTO_TEST_CASE(where_retiring_fails_places_stay_mapped) {
    const auto chunk = mappings.map_primary(0, 2 * MiB);
    chunk.front()->moved_in_order_of_a_stream = true;
    const Stream stream(sim);
    const StreamOrder order = StreamOrder::on(stream.handle());
    for (int i = 0; i < 7; ++i) mappings.make_alias(chunk, order);
    sim.fail(Verb::event_record, 1, cuda_error::unknown);
    mappings.make_alias(chunk, order);
    BOOST_TEST(mappings.aliases().size() < 8U);
    stream.synchronize();
    mappings.make_alias(chunk, order);
    BOOST_TEST(sim.ledger().mappings == 10U);  // at its primary mapping and in nine aliases
    mappings.drop_aliases();
    BOOST_TEST(mappings.release(*chunk.front()));
    BOOST_TEST(sim.ledger().mappings == 0U);
}

// Thirty MiB are left for aliases.
BOOST_FIXTURE_TEST_CASE(where_addresses_run_short_dropping_the_aliases_brings_them_back, OnMappingsWithoutEvents) {
    const auto chunks_made = mappings.map_primary(0, 4 * MiB);
    PoolChunk& chunk = *chunks_made.front();
    chunk.moved_in_order_of_a_stream = true;
    chunk.active = mappings.make_alias(chunks_made).offset;
    mappings.data()[chunk.active] = std::byte{5};
    for (int i = 0; i < 6; ++i) mappings.make_alias(chunks_made);
    BOOST_CHECK_THROW(mappings.make_alias(chunks_made), out_of_memory);
    BOOST_TEST(mappings.aliases().size() == 7U);
    mappings.waited_for(mappings.drop_aliases());
    BOOST_TEST(sim.ledger().mappings == 2U);  // at its primary mapping and at the active mapping
    const Alias& next = mappings.make_alias(chunks_made);
    BOOST_TEST(next.offset != chunk.active);
    BOOST_TEST((mappings.data()[chunk.active] == std::byte{5}));
    BOOST_CHECK_THROW(mappings.make_alias(mappings.map_primary(4 * MiB, 28 * MiB)), out_of_memory);
}

BOOST_AUTO_TEST_SUITE_END()
