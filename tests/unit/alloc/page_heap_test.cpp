// SPDX-License-Identifier: Apache-2.0
// Where the pool's memory comes from and where it goes.
#include <boost/test/unit_test.hpp>

#include <triune/detail/alloc/mapping/page_heap.hpp>

#include "on_chunks.hpp"

using namespace triune;

namespace {

struct OnPageHeap : BalancedSim {
    explicit OnPageHeap(sim::SimOptions options = small()) : BalancedSim(options) {}

    ChunkPool chunks{sim};
    SpanStore records{sim};
    PageHeap memory{chunks, records, large_blocks};

    // New memory, in whole chunks of its own, allocated from now on.
    Span* make(std::size_t bytes) {
        memory.grow(bytes, 0, memory.free_spans());
        return acquire(bytes);
    }
    // The front of an free span, allocated from now on.
    Span* acquire(std::size_t bytes) {
        Span* const span = memory.free_spans().find(bytes);
        BOOST_TEST_REQUIRE(span != nullptr);
        records.reserve_spans(1);
        memory.free_spans().remove(span);
        span->become_allocated();
        if (span->bytes > bytes) {
            Span* const rest = records.acquire_span();
            span->segment->split(span, bytes, rest);
            memory.free_spans().insert(rest);
        }
        return span;
    }
};

struct OnPlainMemory : OnPageHeap {
    static sim::SimOptions options() {
        auto plain = small();
        plain.virtual_memory = false;
        return plain;
    }
    OnPlainMemory() : OnPageHeap(options()) {}
};

}  // namespace

BOOST_AUTO_TEST_SUITE(page_heap)

BOOST_FIXTURE_TEST_CASE(growing_makes_an_idle_range_of_that_size_in_whole_steps, OnPageHeap) {
    memory.grow(3 * MiB, 8 * MiB, memory.free_spans());
    BOOST_TEST(memory.free_spans().bytes() == 8 * MiB);
    BOOST_TEST(memory.reserved_bytes() == 8 * MiB);
    memory.grow(20 * MiB, 8 * MiB, memory.free_spans());
    BOOST_TEST(memory.free_spans().find(20 * MiB) != nullptr);
    BOOST_TEST(memory.reserved_bytes() == 20 * MiB);  // behind what was there
    BOOST_TEST(memory.free_spans().count() == 1U);
}

BOOST_FIXTURE_TEST_CASE(idle_chunks_elsewhere_are_moved_before_new_ones_are_made, OnPageHeap) {
    Span* const front = make(16 * MiB);
    Span* const back = make(16 * MiB);
    memory.free_spans().insert(front);
    const auto unmapped = sim.calls(Verb::unmap);
    memory.grow(32 * MiB, 0, memory.free_spans());
    BOOST_TEST(memory.free_spans().find(32 * MiB) != nullptr);
    BOOST_TEST(memory.reserved_bytes() == 48 * MiB);
    BOOST_TEST(sim.ledger().chunk_bytes == 48 * MiB);
    BOOST_TEST(memory.free_spans().bytes() == 32 * MiB);
    BOOST_TEST(sim.calls(Verb::unmap) == unmapped);
    BOOST_TEST((back->state == SpanState::allocated));
}

BOOST_FIXTURE_TEST_CASE(an_alias_serves_again_without_a_call_to_the_device, OnPageHeap) {
    Span* const first = make(16 * MiB);
    Span* const middle = make(16 * MiB);
    Span* const last = make(16 * MiB);
    memory.add_free(first);
    memory.add_free(last);
    BOOST_TEST(memory.free_spans().find(32 * MiB) == nullptr);
    memory.grow(32 * MiB, 0, memory.free_spans());
    BOOST_TEST(memory.reserved_bytes() == 48 * MiB);
    Span* const wide = acquire(32 * MiB);
    std::byte* const place = wide->data;
    BOOST_TEST(memory.free_spans().count() == 0U);
    const auto mapped = sim.calls(Verb::map);
    const auto accessed = sim.calls(Verb::set_access);

    BOOST_TEST(!memory.free_spans().any_aliased());
    memory.add_free(wide);
    BOOST_TEST(memory.free_spans().any_aliased());
    memory.restore_primary(memory.free_spans());
    BOOST_TEST(memory.free_spans().count() == 2U);  // on both sides of the middle one
    BOOST_TEST(memory.free_spans().find(16 * MiB) != nullptr);
    BOOST_TEST(memory.free_spans().find(32 * MiB) == nullptr);
    memory.grow(32 * MiB, 0, memory.free_spans());
    BOOST_TEST(memory.free_spans().find(32 * MiB)->data == place);
    BOOST_TEST(sim.calls(Verb::map) == mapped);
    BOOST_TEST(sim.calls(Verb::set_access) == accessed);
    BOOST_TEST((middle->state == SpanState::allocated));
}

BOOST_FIXTURE_TEST_CASE(an_alias_of_which_a_part_is_in_use_does_not_serve, OnPageHeap) {
    Span* const first = make(16 * MiB);
    static_cast<void>(make(16 * MiB));
    Span* const last = make(16 * MiB);
    memory.add_free(first);
    memory.add_free(last);
    memory.grow(32 * MiB, 0, memory.free_spans());
    Span* const wide = acquire(32 * MiB);
    std::byte* const place = wide->data;
    memory.add_free(wide);
    memory.restore_primary(memory.free_spans());
    static_cast<void>(acquire(4 * MiB));  // of one of the two
    memory.grow(32 * MiB, 0, memory.free_spans());
    BOOST_TEST(memory.free_spans().find(32 * MiB)->data != place);
    BOOST_TEST(memory.reserved_bytes() > 48 * MiB);
}

BOOST_FIXTURE_TEST_CASE(the_beginning_of_an_alias_serves_less, OnPageHeap) {
    Span* const first = make(16 * MiB);
    static_cast<void>(make(8 * MiB));
    Span* const second = make(16 * MiB);
    static_cast<void>(make(8 * MiB));
    memory.add_free(first);
    memory.add_free(second);
    memory.grow(32 * MiB, 0, memory.free_spans());
    Span* const wide = acquire(32 * MiB);
    std::byte* const place = wide->data;
    memory.add_free(wide);
    memory.restore_primary(memory.free_spans());
    const auto mapped = sim.calls(Verb::map);
    memory.grow(20 * MiB, 0, memory.free_spans());
    BOOST_TEST(memory.free_spans().find(20 * MiB)->data == place);
    BOOST_TEST(sim.calls(Verb::map) == mapped);
    BOOST_TEST(memory.free_spans().bytes() == 32 * MiB);
}

// An alias of what is new shows it twice, and making it accessible costs once more as much.
BOOST_FIXTURE_TEST_CASE(new_memory_of_any_size_is_used_at_home, OnPageHeap) {
    static_cast<void>(make(4 * MiB));
    memory.grow(20 * MiB + 256, 0, memory.free_spans());
    BOOST_TEST(memory.free_spans().find(20 * MiB + 256) != nullptr);
    BOOST_TEST(sim.calls(Verb::map) == sim.calls(Verb::chunk_create));
    BOOST_TEST(memory.segments().front()->mappings->aliases().empty());
}

BOOST_FIXTURE_TEST_CASE(giving_back_leaves_holes_that_are_filled_again, OnPageHeap) {
    Span* const first = make(16 * MiB);
    Span* const middle = make(16 * MiB);
    Span* const last = make(16 * MiB);
    memory.free_spans().insert(middle);
    std::vector<std::unique_ptr<Segment>> plain;
    BOOST_TEST(memory.trim(plain) == 16 * MiB);
    BOOST_TEST(sim.ledger().chunk_bytes == 32 * MiB);
    std::byte* const place = first->end();
    memory.grow(16 * MiB, 0, memory.free_spans());
    BOOST_TEST(memory.free_spans().find(16 * MiB)->data == place);
    BOOST_TEST(last->data == place + 16 * MiB);
}

BOOST_FIXTURE_TEST_CASE(a_failure_leaves_what_there_was, OnPageHeap) {
    memory.grow(8 * MiB, 0, memory.free_spans());
    for (const Verb verb : {Verb::chunk_create, Verb::map, Verb::set_access}) {
        sim.fail(verb, 1, cuda_error::unknown);
        BOOST_CHECK_THROW(memory.grow(64 * MiB, 0, memory.free_spans()), device_error);
        BOOST_TEST(memory.reserved_bytes() == 8 * MiB);
        BOOST_TEST(memory.free_spans().bytes() == 8 * MiB);
    }
    BOOST_CHECK_THROW(memory.grow(300 * MiB, 0, memory.free_spans()), out_of_memory);
    memory.grow(64 * MiB, 0, memory.free_spans());
}

BOOST_FIXTURE_TEST_CASE(without_virtual_memory_slabs_come_and_go_whole, OnPlainMemory) {
    memory.grow(8 * MiB, 0, memory.free_spans());
    memory.grow(16 * MiB, 0, memory.free_spans());
    BOOST_TEST(memory.segments().size() == 2U);
    Span* const live = acquire(1 * MiB);
    std::vector<std::unique_ptr<Segment>> plain;
    BOOST_TEST(memory.trim(plain) == 16 * MiB);
    BOOST_TEST(memory.segments().size() == 1U);
    memory.free_spans().insert(live);
    BOOST_TEST(memory.trim(plain) == 8 * MiB);
    BOOST_TEST(plain.size() == 2U);  // for the caller, who has no lock then
    for (const auto& segment : plain) BOOST_TEST(sim.memory_release(segment->data).ok());
    BOOST_TEST(sim.ledger().allocations == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
