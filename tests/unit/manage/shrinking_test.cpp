// SPDX-License-Identifier: Apache-2.0
// Shrinking to the size: on streams, in groups, and where it cannot be.
#include <triune/detail/manage/manager_core.hpp>
#include <triune/detail/manage/shrinking.hpp>

#include <boost/test/unit_test.hpp>

#include <vector>

#include "../../listening.hpp"
#include "on_manager.hpp"

using namespace triune;

BOOST_FIXTURE_TEST_SUITE(shrinking, OnManager)

BOOST_AUTO_TEST_CASE(a_pooled_buffer_shrinks_on_a_stream_and_waits_for_nothing) {
    const auto made = manager.make_buffer<float>("x", 1 * MiB);
    {
        const Held held(sim);
        made.fill(3.0F, stream.handle());
        made.set_size(1000);
        made.shrink_to_fit(stream.handle());
        BOOST_TEST(made.capacity() == 1000U);
        BOOST_TEST(manager.total_allocated_bytes() == 4000U);
    }
    BOOST_TEST((made.download() == std::vector<float>(1000, 3.0F)));
}

BOOST_FIXTURE_TEST_CASE(a_buffer_that_shrinks_on_another_stream_takes_nothing_from_under_a_flight, OnLateManager) {
    const Stream other(sim);
    for (const std::size_t left : {1000U, 0U}) {
        const auto made = manager.make_buffer<float>("x", 1 * MiB, with_downloads());
        made.fill(3.0F, stream.handle());
        stream.synchronize();  // else it would be late as well, and write the bytes again
        made.start_async_download(stream.handle());
        made.set_size(left);
        made.shrink_to_fit(other.handle());
        const auto thief = manager.make_buffer<float>("thief", 1 * MiB, {}, other.handle());
        thief.fill(9.0F, other.handle());
        other.synchronize();
        const auto view = made.wait_for_download();
        BOOST_TEST(view.size() == 1 * MiB);
        BOOST_TEST(view[1 * MiB - 1] == 3.0F);
    }
}

BOOST_AUTO_TEST_CASE(a_mapped_buffer_keeps_its_address_and_gives_chunks_back_in_both_forms) {
    for (const bool on_stream : {false, true}) {
        const auto made = manager.make_buffer<float>("x", 10, mapped());
        made.ensure_capacity(4 * MiB);  // a chunk of its own
        made.fill(2.0F, stream.handle());
        float* const at = made.data();
        const auto before = sim.ledger().mappings;
        made.set_size(10);
        on_stream ? made.shrink_to_fit(stream.handle()) : made.shrink_to_fit();
        BOOST_TEST(made.data() == at);
        BOOST_TEST(made.capacity() == 10U);
        BOOST_TEST(sim.ledger().mappings < before);
        BOOST_TEST((made.download() == std::vector<float>(10, 2.0F)));
    }
}

BOOST_AUTO_TEST_CASE(a_shrinking_that_is_dropped_leaves_no_trace) {
    BufferReference state(
        new BufferState(manager.core(), "x", BufferDescription{{OwnerKind::typed, &typeid(float), {}}, 4, {}, true}));
    state->allocate_exactly(4000, StreamOrder::after_all());
    state->set_size_bytes(400);
    const auto blocks = manager.core()->resources->pool.statistics().live_blocks;
    Shortage shortage;
    {
        const Shrinking dropped(*state, StreamOrder::after_all(), shortage);
    }
    BOOST_TEST(manager.core()->resources->pool.statistics().live_blocks == blocks);
    BOOST_TEST(state->capacity_bytes() == 4000U);
    BOOST_TEST(manager.stats().resize_count == 0U);
    manager.core()->resources->pool.check_invariants();
    Shrinking first(*state, StreamOrder::after_all(), shortage);
    Shrinking moved(std::move(first));
    moved.commit();
    BOOST_TEST(state->capacity_bytes() == 400U);
    BOOST_TEST(manager.total_allocated_bytes() == 400U);
}

BOOST_AUTO_TEST_CASE(a_buffer_that_is_freed_by_who_is_told_of_its_shrinking_gives_its_memory_back) {
    for (const BufferConfig& config : {BufferConfig{}, mapped()}) {
        for (const bool on_stream : {false, true}) {
            const auto made = manager.allocate<float>("x", 1 * MiB, config);
            made.set_size(1000);
            {
                const Listening listening([&](const std::string& line) {
                    if (mentions(line, "shrank")) manager.free("x");
                });
                on_stream ? made.shrink_to_fit(stream.handle()) : made.shrink_to_fit();
            }
            BOOST_TEST(!made.valid());
            BOOST_TEST(manager.total_allocated_bytes() == 0U);
            BOOST_TEST(manager.core()->memory.total() == 0U);
            BOOST_TEST(manager.core()->resources->pool.statistics().live_blocks == 0U);
        }
    }
}

BOOST_AUTO_TEST_CASE(who_is_told_of_one_arrays_shrinking_may_use_those_that_shrink_with_it) {
    BufferGroup<float> group(manager, "g", {"x", "y"}, 1000);
    group.set_size(10);
    int told = 0;
    {
        const Listening listening([&](const std::string& line) {
            if (!mentions(line, "shrank")) return;
            ++told;
            for (std::size_t i = 0; i < 2; ++i) BOOST_TEST(group[i].data() != nullptr);
        });
        group.shrink_to_fit();
    }
    BOOST_TEST(told == 2);
}

BOOST_AUTO_TEST_CASE(a_group_shrinks_all_arrays) {
    BufferGroup<float> group(manager, "g", {"x", "y"}, 1000);
    group.fill(5.0F);
    group.set_size(10);
    group.shrink_to_fit();
    for (std::size_t i = 0; i < 2; ++i) {
        BOOST_TEST(group[i].capacity() == 10U);
        BOOST_TEST((group[i].download() == std::vector<float>(10, 5.0F)));
    }
    group.ensure_capacity(2000);
    group.set_size(20);
    group.shrink_to_fit(stream.handle());
    BOOST_TEST(group.capacity() == 20U);
    BOOST_TEST(manager.total_allocated_bytes() == 160U);
}

BOOST_AUTO_TEST_CASE(where_one_array_of_a_group_cannot_shrink_none_does) {
    const Quiet quiet;
    BufferGroup<float> group(manager, "g", {"x", "y"}, 1000);
    group.fill(5.0F);
    group.set_size(10);
    sim.fail(Verb::copy_on_device, 2, cuda_error::unknown);
    BOOST_CHECK_THROW(group.shrink_to_fit(), device_error);
    BOOST_TEST(group[0].capacity() == 1000U);
    BOOST_TEST(group[1].capacity() == 1000U);
    BOOST_TEST(manager.total_allocated_bytes() == 8000U);
    group.shrink_to_fit();
    BOOST_TEST(manager.total_allocated_bytes() == 80U);
}

BOOST_AUTO_TEST_CASE(a_device_without_room_for_the_smaller_block_asks_the_failure_hook) {
    sim::SimOptions options = small(8 * MiB);
    options.virtual_memory = false;  // no chunks of the big block can be reused meanwhile
    sim::SimDevice full(options);
    {
        GpuMemoryManager tight(full);
        const auto made = tight.make_buffer<float>("x", 6 * MiB / 4);
        made.fill(4.0F);
        auto other = std::make_unique<Buffer<float>>(tight.make_buffer<float>("other", 2 * MiB / 4));
        made.set_size(2 * MiB / 4);
        const std::string what = message_of<out_of_memory>([&] { made.shrink_to_fit(); });
        BOOST_TEST(mentions(what, "'x'"));
        BOOST_TEST(made.capacity() == 6 * MiB / 4);
        tight.set_failure_hook([&](std::size_t bytes) {
            BOOST_TEST(bytes == 2 * MiB);
            if (!other) return false;
            other.reset();
            return true;
        });
        made.shrink_to_fit();
        BOOST_TEST(made.capacity() == 2 * MiB / 4);
        BOOST_TEST(made.download().back() == 4.0F);
    }
    BOOST_TEST(full.ledger().balanced(), full.ledger().describe());
}

BOOST_AUTO_TEST_SUITE_END()
