// SPDX-License-Identifier: Apache-2.0
// What passes from the threads that free to those that allocate.
#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <deque>

#include <triune/detail/alloc/front/transfer_cache.hpp>
#include <triune/detail/alloc/span/free_batch.hpp>

using namespace triune;

namespace {

struct OnTransferCache {
    TransferCache cache{1 * MiB};
    std::deque<Span> spans;

    SpanBatch batch(std::uint64_t stream, std::size_t bytes, std::size_t count) {
        SpanBatch batch{{}, stream, size_class(bytes)};
        for (; count > 0; --count) {
            Span& span = spans.emplace_back();
            span.bytes = bytes;
            span.become_cached();
            batch.spans.push(&span);
        }
        return batch;
    }
    bool put(const SpanBatch& batch) {
        SpanBatch evicted;
        const bool kept = cache.put(batch, evicted);
        BOOST_TEST(evicted.spans.empty());
        return kept;
    }
    static std::size_t count(SpanStack stack) {
        std::size_t found = 0;
        for (; !stack.empty(); ++found) stack.pop();
        return found;
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(transfer_cache, OnTransferCache)

BOOST_AUTO_TEST_CASE(only_the_same_stream_and_class_find_what_was_put) {
    BOOST_TEST(put(batch(7, 4096, 64)));
    BOOST_TEST(cache.acquire(size_class(4096), 8).empty());
    BOOST_TEST(cache.acquire(size_class(4096), 7 + TransferCache::place_count).empty());
    BOOST_TEST(cache.acquire(size_class(2048), 7).empty());
    BOOST_TEST(count(cache.acquire(size_class(4096), 7)) == 64U);
    BOOST_TEST(cache.acquire(size_class(4096), 7).empty());
}

BOOST_AUTO_TEST_CASE(it_counts_what_it_keeps) {
    BOOST_TEST(put(batch(7, 4096, 64)));
    BOOST_TEST(put(batch(8, 512, 3)));
    BOOST_TEST(cache.counts().bytes == 64 * 4096U + 3 * 512U);
    BOOST_TEST(cache.counts().blocks == 67U);
    static_cast<void>(cache.acquire(size_class(4096), 7));
    BOOST_TEST(cache.counts().bytes == 3 * 512U);
    BOOST_TEST(cache.counts().blocks == 3U);
}

BOOST_AUTO_TEST_CASE(the_newest_batch_leaves_first_and_the_others_keep_their_order) {
    const SpanBatch oldest = batch(7, 4096, 1);
    const SpanBatch other_class = batch(7, 512, 1);
    const SpanBatch newest = batch(7, 4096, 1);
    for (const SpanBatch& each : {oldest, other_class, newest}) BOOST_TEST(put(each));
    BOOST_TEST(cache.acquire(size_class(4096), 7).top == newest.spans.top);
    BOOST_TEST(cache.acquire(size_class(4096), 7).top == oldest.spans.top);
    BOOST_TEST(cache.acquire(size_class(512), 7).top == other_class.spans.top);
}

BOOST_AUTO_TEST_CASE(a_place_refuses_more_batches_of_its_stream_than_it_has_room_for) {
    for (std::size_t i = 0; i < TransferCache::max_batches; ++i) BOOST_TEST(put(batch(7, 256, 1)));
    BOOST_TEST(!put(batch(7, 256, 1)));
    BOOST_TEST(put(batch(8, 256, 1)));
}

BOOST_AUTO_TEST_CASE(a_place_refuses_more_bytes_than_its_bound) {
    BOOST_TEST(put(batch(7, 64 * KiB, 12)));
    BOOST_TEST(!put(batch(7, 64 * KiB, 5)));
    BOOST_TEST(put(batch(7, 64 * KiB, 4)));
    BOOST_TEST(!put(batch(7, 256, 1)));
    BOOST_TEST(!put(batch(8, 64 * KiB, 17)));
    BOOST_TEST(cache.counts().bytes == 1 * MiB);
}

BOOST_AUTO_TEST_CASE(what_another_stream_left_makes_room) {
    const std::uint64_t gone = 7;
    const std::uint64_t alive = gone + TransferCache::place_count;
    const SpanBatch left = batch(gone, 64 * KiB, 10);
    BOOST_TEST(put(left));
    SpanBatch evicted;
    BOOST_TEST(cache.put(batch(alive, 64 * KiB, 8), evicted));
    BOOST_TEST(evicted.spans.top == left.spans.top);
    BOOST_TEST(evicted.stream == gone);
    BOOST_TEST(cache.acquire(size_class(64 * KiB), gone).empty());
    BOOST_TEST(count(cache.acquire(size_class(64 * KiB), alive)) == 8U);
}

BOOST_AUTO_TEST_CASE(emptying_takes_all_places) {
    BOOST_TEST(put(batch(7, 256, 2)));
    BOOST_TEST(put(batch(7, 512, 3)));
    BOOST_TEST(put(batch(8, 512, 4)));
    std::size_t found = 0;
    for (SpanBatch taken; cache.flush(taken); taken = {}) found += count(taken.spans);
    BOOST_TEST(found == 9U);
    BOOST_TEST(cache.counts().blocks == 0U);
    BOOST_TEST(cache.counts().bytes == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
