// SPDX-License-Identifier: Apache-2.0
// What passes from the threads that free to those that allocate.
#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <deque>

#include <triune/alloc/span/free_batch.hpp>
#include <triune/alloc/front/transfer_cache.hpp>

using namespace triune;

namespace {

struct OnTransferCache {
    TransferCache cache{1 * MiB};
    std::deque<Range> ranges;

    Surplus batch(std::uint64_t stream, std::size_t bytes, std::size_t count) {
        Surplus surplus{{}, stream, size_class(bytes)};
        for (; count > 0; --count) {
            Range& range = ranges.emplace_back();
            range.bytes = bytes;
            range.state = RangeState::cached;
            surplus.ranges.push(&range);
        }
        return surplus;
    }
    bool put(const Surplus& surplus) {
        Surplus evicted;
        const bool kept = cache.put(surplus, evicted);
        BOOST_TEST(evicted.ranges.empty());
        return kept;
    }
    static std::size_t count(RangeStack stack) {
        std::size_t found = 0;
        for (; !stack.empty(); ++found) stack.pop();
        return found;
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(transfer_cache, OnTransferCache)

BOOST_AUTO_TEST_CASE(only_the_same_stream_and_class_find_what_was_put) {
    BOOST_TEST(put(batch(7, 4096, 64)));
    BOOST_TEST(cache.take(size_class(4096), 8).empty());
    BOOST_TEST(cache.take(size_class(4096), 7 + TransferCache::place_count).empty());
    BOOST_TEST(cache.take(size_class(2048), 7).empty());
    BOOST_TEST(count(cache.take(size_class(4096), 7)) == 64U);
    BOOST_TEST(cache.take(size_class(4096), 7).empty());
}

BOOST_AUTO_TEST_CASE(it_counts_what_it_keeps) {
    BOOST_TEST(put(batch(7, 4096, 64)));
    BOOST_TEST(put(batch(8, 512, 3)));
    BOOST_TEST(cache.counts().bytes == 64 * 4096U + 3 * 512U);
    BOOST_TEST(cache.counts().blocks == 67U);
    static_cast<void>(cache.take(size_class(4096), 7));
    BOOST_TEST(cache.counts().bytes == 3 * 512U);
    BOOST_TEST(cache.counts().blocks == 3U);
}

BOOST_AUTO_TEST_CASE(the_newest_batch_leaves_first_and_the_others_keep_their_order) {
    const Surplus oldest = batch(7, 4096, 1);
    const Surplus other_class = batch(7, 512, 1);
    const Surplus newest = batch(7, 4096, 1);
    for (const Surplus& each : {oldest, other_class, newest}) BOOST_TEST(put(each));
    BOOST_TEST(cache.take(size_class(4096), 7).top == newest.ranges.top);
    BOOST_TEST(cache.take(size_class(4096), 7).top == oldest.ranges.top);
    BOOST_TEST(cache.take(size_class(512), 7).top == other_class.ranges.top);
}

BOOST_AUTO_TEST_CASE(a_place_refuses_more_batches_of_its_stream_than_it_has_room_for) {
    for (std::size_t i = 0; i < TransferCache::most_batches; ++i) BOOST_TEST(put(batch(7, 256, 1)));
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
    const Surplus left = batch(gone, 64 * KiB, 10);
    BOOST_TEST(put(left));
    Surplus evicted;
    BOOST_TEST(cache.put(batch(alive, 64 * KiB, 8), evicted));
    BOOST_TEST(evicted.ranges.top == left.ranges.top);
    BOOST_TEST(evicted.stream == gone);
    BOOST_TEST(cache.take(size_class(64 * KiB), gone).empty());
    BOOST_TEST(count(cache.take(size_class(64 * KiB), alive)) == 8U);
}

BOOST_AUTO_TEST_CASE(emptying_takes_all_places) {
    BOOST_TEST(put(batch(7, 256, 2)));
    BOOST_TEST(put(batch(7, 512, 3)));
    BOOST_TEST(put(batch(8, 512, 4)));
    std::size_t found = 0;
    for (Surplus taken; cache.take_all(taken); taken = {}) found += count(taken.ranges);
    BOOST_TEST(found == 9U);
    BOOST_TEST(cache.counts().blocks == 0U);
    BOOST_TEST(cache.counts().bytes == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
