// SPDX-License-Identifier: Apache-2.0
// Freed heap that queued work may still use.
#include <boost/test/unit_test.hpp>

#include <future>
#include <vector>

#include <triune/detail/alloc/central/pending_frees.hpp>

#include "on_segment.hpp"

using namespace triune;

namespace {

struct OnPendingFrees : OnSegment {
    PendingFrees pending{sim, records};
    Stream stream{sim};
    static constexpr std::uint64_t id = 5;

    OnPendingFrees() { pending.open(id); }

    FreeBatch* add(const std::vector<Span*>& freed, SizeClass uniform, PendingStream* place) {
        FreeBatch* const batch = records.acquire_batch();
        if (batch->event == nullptr) BOOST_TEST(sim.event_create(batch->event).ok());
        BOOST_TEST(sim.event_record(batch->event, stream.handle()).ok());
        for (Span* span : freed) batch->spans.push_back(*span);
        batch->uniform = uniform;
        pending.add(batch, place);
        return batch;
    }
    FreeBatch* add(const std::vector<Span*>& freed, SizeClass uniform = FreeBatch::mixed) {
        return add(freed, uniform, pending.at(id));
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(pending_frees, OnPendingFrees)

BOOST_AUTO_TEST_CASE(a_stream_finds_its_own_and_no_others) {
    const auto all = spans(3, 2 * MiB);
    const Held held(sim);
    add({all[0]});
    BOOST_TEST(pending.find(2 * MiB, id) == all[0]);
    BOOST_TEST(pending.find(2 * MiB, 6) == nullptr);
    BOOST_TEST(pending.find(2 * MiB + 1, id) == nullptr);
    BOOST_TEST((all[0]->state == SpanState::pending_free));
    BOOST_TEST(pending.bytes() == 2 * MiB);
}

BOOST_AUTO_TEST_CASE(what_is_stream_free_is_the_streams_own_until_it_is_removed_from_all) {
    const auto all = spans(3, 2 * MiB);
    pending.add_stream_free(all[0], pending.at(id));
    pending.add_stream_free(all[1], pending.at(id));
    BOOST_TEST(pending.find(4 * MiB, id) == all[0]);  // neighbours are one
    BOOST_TEST(pending.find(1, 6) == nullptr);
    BOOST_TEST((all[0]->state == SpanState::stream_free));
    BOOST_TEST(pending.bytes() == 4 * MiB);
    BOOST_TEST(pending.stream_free_count() == 1U);
    BOOST_TEST(pending.count() == 0U);
    BOOST_TEST(pending.stream_free_bytes_except(pending.at(id)) == 0U);
    BOOST_TEST(pending.stream_free_bytes_except(nullptr) == 4 * MiB);
    SpanStack taken = pending.remove_stream_free(*pending.at(id));
    BOOST_TEST(taken.pop() == all[0]);
    BOOST_TEST(taken.empty());
    BOOST_TEST(pending.bytes() == 0U);
    BOOST_TEST(pending.remove_stream_free(*pending.at(id)).empty());
}

BOOST_AUTO_TEST_CASE(what_is_stream_free_on_no_stream_serves_nobody_until_the_device_was_waited_for) {
    const auto all = spans(2, 2 * MiB);
    pending.add_stream_free(all[0], pending.no_stream());
    BOOST_TEST(pending.find(1, id) == nullptr);
    FreeBatch* const first = pending.begin_wait();
    BOOST_TEST(pending.begin_wait() == nullptr);
    pending.add_stream_free(all[1], pending.no_stream());  // freed while the device is waited for
    BOOST_TEST(pending.bytes() == 4 * MiB);
    BOOST_TEST(pending.count() == 1U);
    pending.finish_wait(first, false);  // the device refused: tried again later
    BOOST_TEST(pending.refused_bytes() == 4 * MiB);
    BOOST_TEST(heap.free_spans().bytes() == 0U);
    pending.finish_wait(pending.begin_wait(), true);
    BOOST_TEST(pending.refused_bytes() == 0U);
    BOOST_TEST(pending.bytes() == 0U);
    BOOST_TEST(heap.free_spans().bytes() == 4 * MiB);
    heap.free_spans().remove(all[0]);  // made-up heap
}

BOOST_AUTO_TEST_CASE(one_stream_is_alone_until_a_second_one_comes) {
    BOOST_TEST(pending.sharing().memory_is_own());
    pending.open(id);
    BOOST_TEST(pending.sharing().memory_is_own());
    pending.open(6);
    BOOST_TEST(!pending.sharing().memory_is_own());
}

BOOST_AUTO_TEST_CASE(what_no_stream_may_use_early_is_found_by_none) {
    const auto all = spans(1, 2 * MiB);
    const Held held(sim);
    add({all[0]}, FreeBatch::mixed, pending.no_stream());
    BOOST_TEST(pending.find(1, id) == nullptr);
    BOOST_TEST(pending.at(77) == pending.no_stream());
    BOOST_TEST(pending.count() == 1U);
}

BOOST_AUTO_TEST_CASE(what_the_device_does_not_answer_for_stays_pending) {
    const auto all = spans(1, 2 * MiB);
    const Held held(sim);
    add({all[0]});
    sim.fail(Verb::event_query, 1, cuda_error::unknown, 3);
    pending.collect();
    expected_teardown_failures = teardown_failures() - teardown_failures_before;
    BOOST_TEST(expected_teardown_failures > 0U);
    BOOST_TEST(pending.bytes() == 2 * MiB);
    BOOST_TEST((all[0]->state == SpanState::pending_free));
    sim.clear_failures();
}

BOOST_AUTO_TEST_CASE(a_batch_of_one_class_goes_out_whole_on_its_stream) {
    const auto all = spans(3, 4096);
    const Held held(sim);
    FreeBatch* const batch = add({all[0], all[1], all[2]}, size_class(4096));
    BOOST_TEST(pending.find(4096, id) == nullptr);
    BOOST_TEST(pending.acquire_uniform(size_class(4096), 6) == nullptr);
    BOOST_TEST(pending.acquire_uniform(size_class(512), id) == nullptr);
    BOOST_TEST(pending.acquire_uniform(size_class(4096), id) == batch);
    BOOST_TEST(batch->spans.size() == 3U);
    BOOST_TEST(pending.bytes() == 0U);
    batch->spans.clear();
    records.release(batch);
}

BOOST_AUTO_TEST_CASE(where_the_newest_is_complete_the_others_are_not_asked) {
    const auto all = spans(5, 2 * MiB);
    for (Span* span : all) add({span});
    stream.synchronize();
    const auto asked = sim.calls(Verb::event_query);
    pending.collect();
    BOOST_TEST(pending.count() == 0U);
    BOOST_TEST(sim.calls(Verb::event_query) - asked == 1U);
}

// Freed on streams that the pool has no list for: they share one, and complete in any order.
BOOST_AUTO_TEST_CASE(a_newer_event_of_another_stream_says_nothing_of_an_older_one) {
    const auto all = spans(2, 2 * MiB);
    const Stream busy(sim);
    std::promise<void> gate;
    const auto wait = [](void* at) { static_cast<std::promise<void>*>(at)->get_future().wait(); };
    BOOST_TEST(sim.stream_call(busy.handle(), wait, &gate).ok());
    FreeBatch* const older = records.acquire_batch();
    BOOST_TEST(sim.event_create(older->event).ok());
    BOOST_TEST(sim.event_record(older->event, busy.handle()).ok());
    older->spans.push_back(*all[0]);
    older->uniform = FreeBatch::mixed;
    pending.add(older, pending.no_stream());
    add({all[1]}, FreeBatch::mixed, pending.no_stream());
    stream.synchronize();
    pending.collect();
    BOOST_TEST((all[0]->state == SpanState::pending_free));
    gate.set_value();
    busy.synchronize();
    pending.collect();
    BOOST_TEST(pending.count() == 0U);
}

BOOST_AUTO_TEST_CASE(collecting_takes_what_is_complete_and_nothing_else) {
    const auto all = spans(2, 2 * MiB);
    add({all[0]});
    stream.synchronize();
    {
        const Held held(sim);
        BOOST_TEST(sim.stream_call(stream.handle(), [](void*) {}, nullptr).ok());
        add({all[1]});
        pending.collect();
        BOOST_TEST((all[0]->state == SpanState::free));
        BOOST_TEST((all[1]->state == SpanState::pending_free));
        BOOST_TEST(heap.free_spans().bytes() == 2 * MiB);
    }
    const PendingFrees::Events left = pending.pending_events();
    BOOST_TEST(left.count == 1U);
    BOOST_TEST(left.all);
    BOOST_TEST(sim.event_synchronize(left.events[0]).ok());
    pending.collect();
    BOOST_TEST(pending.pending_events().count == 0U);
    BOOST_TEST(pending.bytes() == 0U);
    BOOST_TEST(heap.free_spans().bytes() == 4 * MiB);  // merged
    BOOST_TEST(heap.free_spans().count() == 1U);
    heap.free_spans().remove(all[0]);  // made-up heap
}

BOOST_AUTO_TEST_CASE(the_rest_of_a_range_waits_as_it_did) {
    const auto all = spans(1, 4 * MiB);
    records.reserve_spans(1);
    const Held held(sim);
    FreeBatch* const batch = add({all[0]});
    pending.remove(all[0]);
    Span* const rest = records.acquire_span();
    segment.split(all[0], 2 * MiB, rest);
    pending.add_rest(rest, batch);
    pending.release_if_empty(batch);
    BOOST_TEST(pending.find(2 * MiB, id) == rest);
    BOOST_TEST(pending.bytes() == 2 * MiB);
    pending.remove(rest);
    pending.release_if_empty(batch);
    BOOST_TEST(pending.count() == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
