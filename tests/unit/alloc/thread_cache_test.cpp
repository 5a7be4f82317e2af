// SPDX-License-Identifier: Apache-2.0
// What a thread keeps for itself, and what it gives up.
#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <deque>

#include <triune/detail/alloc/front/thread_cache.hpp>
#include <triune/detail/alloc/span/free_batch.hpp>

using namespace triune;

namespace {

struct OnThreadCache {
    ThreadCache cache{64 * MiB};
    std::deque<Span> spans;
    int first_stream = 0;
    int second_stream = 0;
    const StreamKey first{&first_stream, 11};
    const StreamKey second{&second_stream, 12};

    Span* live(std::size_t bytes) {
        Span& span = spans.emplace_back();
        span.bytes = bytes;
        span.become_allocated();
        return &span;
    }
    void open(StreamKey stream) {
        SpanBatch evicted;
        BOOST_TEST(cache.open(stream, evicted));
        BOOST_TEST(evicted.spans.empty());
    }
    static std::size_t count(SpanBatch batch) {
        std::size_t found = 0;
        for (; !batch.spans.empty(); ++found) batch.spans.pop();
        return found;
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(thread_cache, OnThreadCache)

BOOST_AUTO_TEST_CASE(a_stream_that_is_not_known_keeps_nothing) {
    Span* const span = live(256);
    BOOST_TEST(!cache.put(span, first.handle));
    BOOST_TEST((span->state == SpanState::allocated));
    BOOST_TEST(cache.acquire(256, first) == nullptr);
}

BOOST_AUTO_TEST_CASE(the_block_that_was_freed_last_comes_first) {
    open(first);
    Span* const older = live(4096);
    Span* const newer = live(4096);
    BOOST_TEST(cache.put(older, first.handle));
    BOOST_TEST(cache.put(newer, first.handle));
    BOOST_TEST((newer->state == SpanState::cached));
    BOOST_TEST(cache.acquire(4096, first) == newer);
    BOOST_TEST((newer->state == SpanState::allocated));
    BOOST_TEST(cache.acquire(4096, first) == older);
    BOOST_TEST(cache.acquire(4096, first) == nullptr);
}

BOOST_AUTO_TEST_CASE(one_streams_blocks_are_not_anothers) {
    open(first);
    open(second);
    BOOST_TEST(cache.put(live(256), first.handle));
    BOOST_TEST(cache.acquire(256, second) == nullptr);
    BOOST_TEST(cache.acquire(256, first) != nullptr);
}

BOOST_AUTO_TEST_CASE(a_new_stream_with_an_old_handle_gets_none_of_the_old_ones_blocks) {
    open(first);
    Span* const old = live(256);
    BOOST_TEST(cache.put(old, first.handle));
    const StreamKey successor{first.handle, 99};
    BOOST_TEST(cache.acquire(256, successor) == nullptr);
    open(successor);
    open(second);  // whose place the cache looks at last
    Span* const fresh = live(256);
    BOOST_TEST(cache.put(fresh, successor.handle));
    BOOST_TEST(cache.acquire(256, successor) == fresh);
    BOOST_TEST(cache.acquire(256, successor) == nullptr);
    // Freed before any allocation told the cache of the change: under the old number, for nobody.
    SpanBatch all;
    BOOST_TEST(cache.flush(all));
    BOOST_TEST(all.stream == first.id);
    BOOST_TEST(all.spans.pop() == old);
}

BOOST_AUTO_TEST_CASE(large_blocks_serve_requests_that_are_little_smaller) {
    open(first);
    BOOST_TEST(cache.put(live(10 * MiB), first.handle));
    BOOST_TEST(cache.acquire(10 * MiB + 256, first) == nullptr);
    BOOST_TEST(cache.acquire(8 * MiB, first) == nullptr);  // a quarter would be wasted
    BOOST_TEST(cache.acquire(10 * MiB - 300 * KiB, first) != nullptr);
}

BOOST_AUTO_TEST_CASE(large_blocks_are_given_up_and_small_ones_stay) {
    open(first);
    for (const std::size_t bytes : {4 * KiB, 1 * MiB, 2 * MiB, 9 * MiB, 9 * MiB})
        BOOST_TEST(cache.put(live(bytes), first.handle));
    const SpanBatch large = cache.flush_large(first);
    BOOST_TEST(large.stream == first.id);
    BOOST_TEST(large.uniform == FreeBatch::mixed);
    BOOST_TEST(count(large) == 3U);
    BOOST_TEST(cache.counts().cached_bytes == 4 * KiB + 1 * MiB);
    BOOST_TEST(count(cache.flush_large(first)) == 0U);
}

BOOST_AUTO_TEST_CASE(too_many_of_a_class_are_given_up_together) {
    open(first);
    for (std::size_t i = 0; i < ThreadCache::max_of_a_class; ++i) {
        BOOST_TEST(cache.put(live(512), first.handle));
        BOOST_TEST(!cache.too_full());
    }
    BOOST_TEST(cache.put(live(512), first.handle));
    BOOST_TEST(cache.too_full());
    const SpanBatch batch = cache.flush_excess(first.handle);
    BOOST_TEST(!cache.too_full());
    BOOST_TEST(batch.uniform == size_class(512));
    BOOST_TEST(batch.stream == first.id);
    BOOST_TEST(count(batch) == ThreadCache::max_of_a_class / 2 + 1);
}

BOOST_AUTO_TEST_CASE(too_many_bytes_are_given_up_down_to_half) {
    open(first);
    for (int i = 0; i < 5; ++i) BOOST_TEST(cache.put(live(16 * MiB), first.handle));
    BOOST_TEST(cache.too_full());
    const SpanBatch batch = cache.flush_excess(first.handle);
    BOOST_TEST(batch.uniform == FreeBatch::mixed);
    BOOST_TEST(count(batch) == 3U);
    BOOST_TEST(cache.counts().cached_bytes == 32 * MiB);
}

BOOST_AUTO_TEST_CASE(the_longest_unused_stream_makes_room_for_a_new_one) {
    open(first);
    BOOST_TEST(cache.put(live(256), first.handle));
    for (std::uint64_t i = 1; i < ThreadCache::max_streams; ++i) {
        const StreamKey other{reinterpret_cast<StreamHandle>(i), 100 + i};
        open(other);
        BOOST_TEST(cache.put(live(256), other.handle));
    }
    SpanBatch evicted;
    BOOST_TEST(cache.open(second, evicted));
    BOOST_TEST(evicted.stream == first.id);
    BOOST_TEST(count(evicted) == 1U);
    BOOST_TEST(!cache.put(live(256), first.handle));
}

BOOST_AUTO_TEST_CASE(the_counts_say_what_went_out_and_came_in) {
    open(first);
    BOOST_TEST(cache.put(live(1024), first.handle));
    BOOST_TEST(cache.counts().allocated_bytes == -1024);  // another handed it out
    BOOST_TEST(cache.counts().cached_bytes == 1024U);
    BOOST_TEST(cache.counts().cached_blocks == 1U);
    BOOST_TEST(cache.acquire(1024, first) != nullptr);
    BOOST_TEST(cache.counts().allocated_bytes == 0);
    BOOST_TEST(cache.counts().allocated_blocks == 0);
    BOOST_TEST(cache.counts().cached_blocks == 0U);
}

BOOST_AUTO_TEST_CASE(zeroed_ranges_go_to_who_asks_for_zeroes_and_else_last) {
    open(first);
    Span* const kept = live(4096);
    BOOST_TEST(cache.put(kept, first.handle));
    BOOST_TEST(cache.acquire_to_zero(4096, first, 8).empty());  // the first time
    const SpanStack taken = cache.acquire_to_zero(4096, first, 8);
    BOOST_TEST(taken.top == kept);
    BOOST_TEST(cache.counts().cached_blocks == 0U);
    cache.keep_zeroed(taken, first);
    BOOST_TEST(cache.counts().cached_blocks == 1U);
    BOOST_TEST(cache.counts().cached_bytes == 4096U);
    BOOST_TEST(cache.acquire_to_zero(4096, first, 8).empty());
    BOOST_TEST(cache.acquire_zeroed(256, first) == nullptr);

    BOOST_TEST(cache.put(live(4096), first.handle));
    BOOST_TEST(cache.acquire(4096, first) != kept);
    BOOST_TEST(cache.acquire_zeroed(4096, first) == kept);
    BOOST_TEST((kept->state == SpanState::allocated));
    BOOST_TEST(cache.acquire_zeroed(4096, first) == nullptr);
    BOOST_TEST(cache.put(kept, first.handle));
    BOOST_TEST(cache.acquire_zeroed(4096, first) == nullptr);  // somebody had it meanwhile
    cache.keep_zeroed(cache.acquire_to_zero(4096, first, 8), first);
    BOOST_TEST(cache.acquire(4096, first) == kept);
    BOOST_TEST(cache.acquire(4096, first) == nullptr);
}

BOOST_AUTO_TEST_CASE(no_more_are_zeroed_than_asked_for_and_all_leave_together) {
    open(first);
    for (int i = 0; i < 5; ++i) BOOST_TEST(cache.put(live(512), first.handle));
    BOOST_TEST(cache.acquire_to_zero(512, first, 3).empty());
    SpanStack taken = cache.acquire_to_zero(512, first, 3);
    cache.keep_zeroed(taken, first);
    BOOST_TEST(cache.counts().cached_blocks == 5U);
    SpanBatch all;
    BOOST_TEST(cache.flush(all));
    BOOST_TEST(count(all) == 5U);
    BOOST_TEST(cache.counts().cached_bytes == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
