// SPDX-License-Identifier: Apache-2.0
// Where the pool's memory comes from and where it goes.
#include <boost/test/unit_test.hpp>

#include <triune/alloc/mapping/page_heap.hpp>

#include "on_chunks.hpp"

using namespace triune;

namespace {

struct OnPoolMemory : BalancedSim {
    explicit OnPoolMemory(sim::SimOptions options = small()) : BalancedSim(options) {}

    ChunkPool chunks{sim};
    RecordStore records{sim};
    PoolMemory memory{chunks, records, large_blocks};

    // New memory, in whole chunks of its own, live from now on.
    Range* make(std::size_t bytes) {
        memory.grow(bytes, 0, memory.idle());
        return take(bytes);
    }
    // The front of an idle range, live from now on.
    Range* take(std::size_t bytes) {
        Range* const range = memory.idle().find(bytes);
        BOOST_TEST_REQUIRE(range != nullptr);
        records.reserve_ranges(1);
        memory.idle().remove(range);
        range->state = RangeState::live;
        if (range->bytes > bytes) {
            Range* const rest = records.range();
            range->slab->split(range, bytes, rest);
            memory.idle().insert(rest);
        }
        return range;
    }
};

struct OnPlainMemory : OnPoolMemory {
    static sim::SimOptions options() {
        auto plain = small();
        plain.virtual_memory = false;
        return plain;
    }
    OnPlainMemory() : OnPoolMemory(options()) {}
};

}  // namespace

BOOST_AUTO_TEST_SUITE(pool_memory)

BOOST_FIXTURE_TEST_CASE(growing_makes_an_idle_range_of_that_size_in_whole_steps, OnPoolMemory) {
    memory.grow(3 * MiB, 8 * MiB, memory.idle());
    BOOST_TEST(memory.idle().bytes() == 8 * MiB);
    BOOST_TEST(memory.reserved_bytes() == 8 * MiB);
    memory.grow(20 * MiB, 8 * MiB, memory.idle());
    BOOST_TEST(memory.idle().find(20 * MiB) != nullptr);
    BOOST_TEST(memory.reserved_bytes() == 20 * MiB);  // behind what was there
    BOOST_TEST(memory.idle().count() == 1U);
}

BOOST_FIXTURE_TEST_CASE(idle_chunks_elsewhere_are_moved_before_new_ones_are_made, OnPoolMemory) {
    memory.grow(32 * MiB, 0, memory.idle());
    Range* const front = take(16 * MiB);
    Range* const back = take(16 * MiB);
    memory.idle().insert(front);
    const auto unmapped = sim.calls(Verb::unmap);
    memory.grow(32 * MiB, 0, memory.idle());
    BOOST_TEST(memory.idle().find(32 * MiB) != nullptr);
    BOOST_TEST(memory.reserved_bytes() == 48 * MiB);
    BOOST_TEST(sim.ledger().chunk_bytes == 48 * MiB);
    BOOST_TEST(memory.idle().bytes() == 32 * MiB);
    BOOST_TEST(sim.calls(Verb::unmap) == unmapped);
    BOOST_TEST((back->state == RangeState::live));
}

BOOST_FIXTURE_TEST_CASE(a_view_serves_again_without_a_call_to_the_device, OnPoolMemory) {
    Range* const first = make(16 * MiB);
    Range* const middle = make(16 * MiB);
    Range* const last = make(16 * MiB);
    memory.put_idle(first);
    memory.put_idle(last);
    BOOST_TEST(memory.idle().find(32 * MiB) == nullptr);
    memory.grow(32 * MiB, 0, memory.idle());
    BOOST_TEST(memory.reserved_bytes() == 48 * MiB);
    Range* const wide = take(32 * MiB);
    std::byte* const place = wide->data;
    BOOST_TEST(memory.idle().count() == 0U);
    const auto mapped = sim.calls(Verb::map);
    const auto accessed = sim.calls(Verb::set_access);

    BOOST_TEST(!memory.idle().any_away());
    memory.put_idle(wide);
    BOOST_TEST(memory.idle().any_away());
    memory.send_home(memory.idle());
    BOOST_TEST(memory.idle().count() == 2U);  // on both sides of the middle one
    BOOST_TEST(memory.idle().find(16 * MiB) != nullptr);
    BOOST_TEST(memory.idle().find(32 * MiB) == nullptr);
    memory.grow(32 * MiB, 0, memory.idle());
    BOOST_TEST(memory.idle().find(32 * MiB)->data == place);
    BOOST_TEST(sim.calls(Verb::map) == mapped);
    BOOST_TEST(sim.calls(Verb::set_access) == accessed);
    BOOST_TEST((middle->state == RangeState::live));
}

BOOST_FIXTURE_TEST_CASE(a_view_of_which_a_part_is_in_use_does_not_serve, OnPoolMemory) {
    Range* const first = make(16 * MiB);
    static_cast<void>(make(16 * MiB));
    Range* const last = make(16 * MiB);
    memory.put_idle(first);
    memory.put_idle(last);
    memory.grow(32 * MiB, 0, memory.idle());
    Range* const wide = take(32 * MiB);
    std::byte* const place = wide->data;
    memory.put_idle(wide);
    memory.send_home(memory.idle());
    static_cast<void>(take(4 * MiB));  // of one of the two
    memory.grow(32 * MiB, 0, memory.idle());
    BOOST_TEST(memory.idle().find(32 * MiB)->data != place);
    BOOST_TEST(memory.reserved_bytes() > 48 * MiB);
}

BOOST_FIXTURE_TEST_CASE(the_beginning_of_a_view_serves_less, OnPoolMemory) {
    Range* const first = make(16 * MiB);
    static_cast<void>(make(8 * MiB));
    Range* const second = make(16 * MiB);
    static_cast<void>(make(8 * MiB));
    memory.put_idle(first);
    memory.put_idle(second);
    memory.grow(32 * MiB, 0, memory.idle());
    Range* const wide = take(32 * MiB);
    std::byte* const place = wide->data;
    memory.put_idle(wide);
    memory.send_home(memory.idle());
    const auto mapped = sim.calls(Verb::map);
    memory.grow(20 * MiB, 0, memory.idle());
    BOOST_TEST(memory.idle().find(20 * MiB)->data == place);
    BOOST_TEST(sim.calls(Verb::map) == mapped);
    BOOST_TEST(memory.idle().bytes() == 32 * MiB);
}

// A view of what is new shows it twice, and making it accessible costs once more as much.
BOOST_FIXTURE_TEST_CASE(new_memory_of_any_size_is_used_at_home, OnPoolMemory) {
    static_cast<void>(make(4 * MiB));
    memory.grow(20 * MiB + 256, 0, memory.idle());
    BOOST_TEST(memory.idle().find(20 * MiB + 256) != nullptr);
    BOOST_TEST(sim.calls(Verb::map) == sim.calls(Verb::chunk_create));
    BOOST_TEST(memory.slabs().front()->arena->views().empty());
}

BOOST_FIXTURE_TEST_CASE(giving_back_leaves_holes_that_are_filled_again, OnPoolMemory) {
    Range* const first = make(16 * MiB);
    Range* const middle = make(16 * MiB);
    Range* const last = make(16 * MiB);
    memory.idle().insert(middle);
    std::vector<std::unique_ptr<Slab>> plain;
    BOOST_TEST(memory.give_back(plain) == 16 * MiB);
    BOOST_TEST(sim.ledger().chunk_bytes == 32 * MiB);
    std::byte* const place = first->end();
    memory.grow(16 * MiB, 0, memory.idle());
    BOOST_TEST(memory.idle().find(16 * MiB)->data == place);
    BOOST_TEST(last->data == place + 16 * MiB);
}

BOOST_FIXTURE_TEST_CASE(a_failure_leaves_what_there_was, OnPoolMemory) {
    memory.grow(8 * MiB, 0, memory.idle());
    for (const Verb verb : {Verb::chunk_create, Verb::map, Verb::set_access}) {
        sim.fail(verb, 1, cuda_error::unknown);
        BOOST_CHECK_THROW(memory.grow(64 * MiB, 0, memory.idle()), device_error);
        BOOST_TEST(memory.reserved_bytes() == 8 * MiB);
        BOOST_TEST(memory.idle().bytes() == 8 * MiB);
    }
    BOOST_CHECK_THROW(memory.grow(300 * MiB, 0, memory.idle()), out_of_memory);
    memory.grow(64 * MiB, 0, memory.idle());
}

BOOST_FIXTURE_TEST_CASE(without_virtual_memory_slabs_come_and_go_whole, OnPlainMemory) {
    memory.grow(8 * MiB, 0, memory.idle());
    memory.grow(16 * MiB, 0, memory.idle());
    BOOST_TEST(memory.slabs().size() == 2U);
    Range* const live = take(1 * MiB);
    std::vector<std::unique_ptr<Slab>> plain;
    BOOST_TEST(memory.give_back(plain) == 16 * MiB);
    BOOST_TEST(memory.slabs().size() == 1U);
    memory.idle().insert(live);
    BOOST_TEST(memory.give_back(plain) == 8 * MiB);
    BOOST_TEST(plain.size() == 2U);  // for the caller, who has no lock then
    for (const auto& slab : plain) BOOST_TEST(sim.memory_release(slab->data).ok());
    BOOST_TEST(sim.ledger().allocations == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
