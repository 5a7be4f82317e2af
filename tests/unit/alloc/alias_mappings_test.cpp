// SPDX-License-Identifier: Apache-2.0
// Chunks that are mapped at home and in views.
#include <boost/test/unit_test.hpp>

#include <algorithm>

#include <triune/alloc/mapping/alias_mappings.hpp>
#include <triune/base/log.hpp>

#include "on_chunks.hpp"

using namespace triune;

namespace {

struct OnPoolArena : OnChunks {
    explicit OnPoolArena(sim::SimOptions options = small()) : OnChunks(options) {}

    // Homes in the first 32 MiB, views behind the first 2 of the second.
    PoolArena arena{chunks, 64 * MiB};
};

struct OnArenaWithoutEvents : OnPoolArena {
    static sim::SimOptions options() {
        auto plain = small();
        plain.device_events = false;
        return plain;
    }
    OnArenaWithoutEvents() : OnPoolArena(options()) {}
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(pool_arena, OnPoolArena)

BOOST_AUTO_TEST_CASE(settling_maps_memory_and_a_view_shows_it_a_second_time) {
    const auto first = arena.settle(0, 2 * MiB);
    const auto second = arena.settle(8 * MiB, 2 * MiB);
    BOOST_TEST(arena.committed_bytes() == 4 * MiB);
    const View& view = arena.make_view({second.front(), first.front()});
    BOOST_TEST(view.offset >= arena.home_bytes());
    BOOST_TEST(arena.committed_bytes() == 4 * MiB);
    BOOST_TEST(sim.ledger().chunks == 2U);
    BOOST_TEST(sim.ledger().mappings == 4U);
    arena.data()[8 * MiB] = std::byte{1};
    arena.data()[0] = std::byte{2};
    BOOST_TEST((arena.data()[view.offset] == std::byte{1}));
    BOOST_TEST((arena.data()[view.offset + 2 * MiB] == std::byte{2}));
}

BOOST_AUTO_TEST_CASE(views_of_one_size_come_oldest_first) {
    const auto all = arena.settle(0, 8 * MiB);
    BOOST_TEST_REQUIRE(all.size() >= 2U);
    const std::size_t oldest = arena.make_view({all[0]}).offset;
    arena.make_view({all[1]});
    BOOST_TEST(arena.views().lower_bound(all[0]->chunk.bytes)->second.offset == oldest);
}

BOOST_AUTO_TEST_CASE(a_failure_at_any_step_changes_nothing) {
    const auto chunk = arena.settle(0, 4 * MiB);
    const auto before = sim.ledger().describe();
    for (const Verb verb : {Verb::chunk_create, Verb::map, Verb::set_access}) {
        sim.fail(verb, 1, cuda_error::unknown);
        BOOST_CHECK_THROW(arena.settle(4 * MiB, 8 * MiB), device_error);
        BOOST_TEST(sim.ledger().describe() == before);
        if (verb == Verb::chunk_create) continue;  // a view needs none
        sim.fail(verb, 1, cuda_error::unknown);
        BOOST_CHECK_THROW(arena.make_view(chunk), device_error);
        BOOST_TEST(sim.ledger().describe() == before);
        BOOST_TEST(arena.views().empty());
        BOOST_TEST(chunk.front()->places.size() == 1U);
    }
    arena.make_view(chunk);
    arena.settle(4 * MiB, 8 * MiB);
}

BOOST_AUTO_TEST_CASE(a_place_that_cannot_be_unmapped_again_is_left_alone) {
    log::set_level(log::Level::off);
    const auto chunk = arena.settle(0, 4 * MiB);
    sim.fail(Verb::set_access, 1, cuda_error::unknown);
    sim.fail(Verb::unmap, 1, cuda_error::unknown);
    BOOST_CHECK_THROW(arena.make_view(chunk), device_error);
    sim.fail(Verb::set_access, 1, cuda_error::unknown);
    sim.fail(Verb::unmap, 1, cuda_error::unknown);
    BOOST_CHECK_THROW(arena.settle(4 * MiB, 2 * MiB), device_error);
    log::set_level(log::Level::warn);
    expected_teardown_failures = 2;
    std::size_t lost = 0;
    for (const auto& [offset, mapping] : arena.mapped()) lost += mapping.chunk == nullptr ? 1 : 0;
    BOOST_TEST(lost == 2U);
    BOOST_TEST(arena.committed_bytes() == 4 * MiB);
}

BOOST_AUTO_TEST_CASE(releasing_a_chunk_unmaps_it_everywhere) {
    const auto chunk = arena.settle(0, 4 * MiB);
    arena.make_view(chunk);
    arena.make_view(chunk);
    arena.drop_views();
    BOOST_TEST(arena.release(*chunk.front()));
    BOOST_TEST(arena.mapped().empty());
    BOOST_TEST(arena.committed_bytes() == 0U);
    BOOST_TEST(sim.ledger().chunk_bytes == 0U);
    BOOST_TEST(sim.ledger().mappings == 0U);
}

BOOST_AUTO_TEST_CASE(what_the_device_refuses_to_unmap_stays_and_can_be_released_later) {
    log::set_level(log::Level::off);
    const auto chunk = arena.settle(0, 4 * MiB);
    sim.fail(Verb::unmap, 1, cuda_error::unknown);
    BOOST_TEST(!arena.release(*chunk.front()));
    log::set_level(log::Level::warn);
    expected_teardown_failures = 1;
    BOOST_TEST(arena.committed_bytes() == 4 * MiB);
    BOOST_TEST(arena.release(*chunk.front()));
}

// Six times two MiB may be shown; three more are made than that allows.
BOOST_AUTO_TEST_CASE(the_longest_unused_views_retire_and_seats_stay) {
    const auto chunks_made = arena.settle(0, 2 * MiB);
    SeatedChunk& chunk = *chunks_made.front();
    const View& oldest = arena.make_view(chunks_made);
    chunk.seat = oldest.offset;
    const View& used = arena.make_view(chunks_made);
    for (int i = 0; i < 5; ++i) arena.make_view(chunks_made);
    arena.note_used(used);
    const std::size_t used_place = used.offset;
    const auto synchronized = sim.calls(Verb::synchronize);
    arena.make_view(chunks_made);
    BOOST_TEST(arena.views().size() == 6U);  // two less, one more
    const auto shows = [&](std::size_t place) {
        return std::any_of(arena.views().begin(), arena.views().end(),
                           [&](const auto& view) { return view.second.offset == place; });
    };
    BOOST_TEST(shows(chunk.seat));
    BOOST_TEST(shows(used_place));
    arena.make_view(chunks_made);
    BOOST_TEST(sim.ledger().mappings == 8U);  // at home and in seven views
    BOOST_TEST(chunk.places.size() == 8U);
    BOOST_TEST(sim.calls(Verb::synchronize) == synchronized);
}

BOOST_AUTO_TEST_CASE(retired_places_stay_mapped_until_work_queued_before_is_done) {
    const auto chunks_made = arena.settle(0, 4 * MiB);
    const std::size_t place = arena.make_view(chunks_made).offset;
    chunks_made.front()->left_in_order_of_a_stream = true;
    StreamHandle stream{};
    check(sim.stream_create(stream), "");
    sim.hold_streams();
    check(sim.fill(arena.data() + place, 7, 1, 4 * MiB, stream), "");
    const std::uint64_t time = arena.drop_views();  // names no stream: only waiting for the device tells
    BOOST_TEST(arena.views().empty());
    arena.make_view(chunks_made);
    BOOST_TEST(sim.ledger().mappings == 3U);
    sim.release_streams();
    check(sim.synchronize(), "");
    arena.waited_for(time);
    BOOST_TEST(sim.ledger().mappings == 2U);
    BOOST_TEST((arena.data()[0] == std::byte{7}));
    check(sim.stream_destroy(stream), "");
}

BOOST_AUTO_TEST_CASE(places_that_one_streams_work_may_use_retire_behind_an_event_on_it) {
    const auto chunks_made = arena.settle(0, 2 * MiB);
    chunks_made.front()->left_in_order_of_a_stream = true;
    const Stream stream(sim);
    const StreamOrder order = StreamOrder::on(stream.handle());
    const std::size_t oldest = arena.make_view(chunks_made, order).offset;
    for (int i = 0; i < 6; ++i) arena.make_view(chunks_made, order);
    {
        const Held held(sim);
        check(sim.fill(arena.data() + oldest, 7, 1, 2 * MiB, stream.handle()), "writing there");
        arena.make_view(chunks_made, order);  // some retire
        BOOST_TEST(arena.views().size() < 8U);
        arena.make_view(chunks_made, order);
        BOOST_TEST(arena.mapped().contains(oldest));
    }
    stream.synchronize();
    BOOST_TEST((arena.data()[0] == std::byte{7}));
    arena.make_view(chunks_made, order);
    BOOST_TEST(!arena.mapped().contains(oldest));
}

BOOST_AUTO_TEST_CASE(without_a_stream_to_ask_views_whose_places_may_be_used_do_not_retire) {
    const auto chunks_made = arena.settle(0, 2 * MiB);
    chunks_made.front()->left_in_order_of_a_stream = true;
    for (int i = 0; i < 9; ++i) arena.make_view(chunks_made);
    BOOST_TEST(arena.views().size() == 9U);
    chunks_made.front()->left_in_order_of_a_stream = false;
    arena.make_view(chunks_made);
    BOOST_TEST(arena.views().size() < 9U);
}

BOOST_AUTO_TEST_CASE(a_seat_outlives_its_view) {
    const auto chunks_made = arena.settle(0, 2 * MiB);
    SeatedChunk& chunk = *chunks_made.front();
    chunk.seat = arena.make_view(chunks_made).offset;
    arena.data()[0] = std::byte{5};
    arena.drop_views();
    arena.make_view(chunks_made);
    BOOST_TEST(sim.ledger().mappings == 3U);
    BOOST_TEST((arena.data()[chunk.seat] == std::byte{5}));
}

BOOST_AUTO_TEST_CASE(a_view_unmaps_little_more_than_it_maps) {
    const auto chunk = arena.settle(0, 2 * MiB);
    arena.settle(2 * MiB, 2 * MiB);
    for (int i = 0; i < 12; ++i) arena.make_view(chunk);
    arena.drop_views();
    BOOST_TEST(sim.calls(Verb::unmap) == 0U);
    arena.make_view(chunk);
    BOOST_TEST(sim.calls(Verb::unmap) == 9U);
    arena.make_view(chunk);
    BOOST_TEST(sim.calls(Verb::unmap) == 12U);
}

BOOST_AUTO_TEST_CASE(a_chunk_that_is_released_takes_its_retired_places_along) {
    const auto old = arena.settle(0, 2 * MiB);
    const auto other = arena.settle(2 * MiB, 2 * MiB);
    arena.make_view(old);
    arena.drop_views();
    BOOST_TEST(arena.release(*old.front()));
    const std::size_t mapped = arena.mapped().size();
    arena.make_view(other);  // finds nothing to unmap
    BOOST_TEST(arena.mapped().size() == mapped + 1);
    BOOST_TEST(other.front()->places.size() == 2U);
}

// Its 255 places for views are taken once, all but three retire, and the first of them is used anew and retires again
// before its turn has come.
BOOST_AUTO_TEST_CASE(addresses_that_retire_twice_wait_for_the_second_time) {
    PoolArena wide(chunks, 1 * GiB);
    wide.settle(4 * MiB, 96 * MiB);  // so that as much may be shown
    const auto old = wide.settle(0, 2 * MiB);
    const auto chunk = wide.settle(2 * MiB, 2 * MiB);
    const std::size_t place = wide.make_view(old).offset;
    for (int i = 0; i < 251; ++i) wide.make_view(old);
    wide.drop_views();
    BOOST_TEST(wide.release(*old.front()));
    for (int i = 0; i < 3; ++i) wide.make_view(chunk);
    BOOST_TEST_REQUIRE(wide.make_view(chunk).offset == place);
    const Stream stream(sim);
    std::uint64_t time = 0;
    {
        const Held held(sim);
        check(sim.fill(wide.data() + place, 7, 1, 2 * MiB, stream.handle()), "writing there");
        chunk.front()->left_in_order_of_a_stream = true;
        time = wide.drop_views();
        for (int i = 0; i < 40; ++i) wide.make_view(chunk);
        BOOST_TEST(wide.mapped().contains(place));
    }
    stream.synchronize();
    BOOST_TEST((wide.data()[2 * MiB] == std::byte{7}));
    wide.waited_for(time);
    BOOST_TEST(!wide.mapped().contains(place));
}

BOOST_AUTO_TEST_CASE(where_retiring_fails_places_stay_mapped) {
    const auto chunk = arena.settle(0, 2 * MiB);
    chunk.front()->left_in_order_of_a_stream = true;
    const Stream stream(sim);
    const StreamOrder order = StreamOrder::on(stream.handle());
    for (int i = 0; i < 7; ++i) arena.make_view(chunk, order);
    sim.fail(Verb::event_record, 1, cuda_error::unknown);
    arena.make_view(chunk, order);
    BOOST_TEST(arena.views().size() < 8U);
    stream.synchronize();
    arena.make_view(chunk, order);
    BOOST_TEST(sim.ledger().mappings == 10U);  // at home and in nine views
    arena.drop_views();
    BOOST_TEST(arena.release(*chunk.front()));
    BOOST_TEST(sim.ledger().mappings == 0U);
}

// Thirty MiB are left for views.
BOOST_FIXTURE_TEST_CASE(where_addresses_run_short_dropping_the_views_brings_them_back, OnArenaWithoutEvents) {
    const auto chunks_made = arena.settle(0, 4 * MiB);
    SeatedChunk& chunk = *chunks_made.front();
    chunk.left_in_order_of_a_stream = true;
    chunk.seat = arena.make_view(chunks_made).offset;
    arena.data()[chunk.seat] = std::byte{5};
    for (int i = 0; i < 6; ++i) arena.make_view(chunks_made);
    BOOST_CHECK_THROW(arena.make_view(chunks_made), out_of_memory);
    BOOST_TEST(arena.views().size() == 7U);
    arena.waited_for(arena.drop_views());
    BOOST_TEST(sim.ledger().mappings == 2U);  // at home and at the seat
    const View& next = arena.make_view(chunks_made);
    BOOST_TEST(next.offset != chunk.seat);
    BOOST_TEST((arena.data()[chunk.seat] == std::byte{5}));
    BOOST_CHECK_THROW(arena.make_view(arena.settle(4 * MiB, 28 * MiB)), out_of_memory);
}

BOOST_AUTO_TEST_SUITE_END()
