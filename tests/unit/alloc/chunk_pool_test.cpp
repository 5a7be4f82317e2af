// SPDX-License-Identifier: Apache-2.0
// Physical memory that is kept for reuse.
#include <boost/test/unit_test.hpp>

#include <numeric>
#include <vector>

#include <triune/base/error.hpp>
#include <triune/detail/alloc/device_memory/chunk_pool.hpp>

#include "../balanced_sim.hpp"

using namespace triune;

namespace {

struct OnChunkPool : BalancedSim {
    ChunkPool chunks{sim, 64 * MiB};

    void release(const std::vector<Chunk>& taken) {
        for (const Chunk& chunk : taken) chunks.release(chunk);
    }
    static std::size_t sum(const std::vector<Chunk>& taken) {
        return std::accumulate(taken.begin(), taken.end(), std::size_t{0},
                               [](std::size_t bytes, const Chunk& chunk) { return bytes + chunk.bytes; });
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(chunk_pool, OnChunkPool)

BOOST_AUTO_TEST_CASE(what_was_given_back_serves_again) {
    const auto first = chunks.acquire(32 * MiB, Pieces::one);
    BOOST_TEST(first.size() == 1U);
    release(first);
    BOOST_TEST(chunks.spare_bytes() == 32 * MiB);
    const auto again = chunks.acquire(32 * MiB, Pieces::one);
    BOOST_TEST(again.front().handle == first.front().handle);
    BOOST_TEST(chunks.spare_bytes() == 0U);
    BOOST_TEST(sim.calls(Verb::chunk_create) == 1U);
    release(again);
}

BOOST_AUTO_TEST_CASE(where_one_piece_is_wanted_a_spare_chunk_of_another_size_is_left) {
    release(chunks.acquire(8 * MiB, Pieces::one));
    for (const std::size_t bytes : {6 * MiB, 20 * MiB}) {
        const auto taken = chunks.acquire(bytes, Pieces::one);
        BOOST_TEST(taken.size() == 1U);
        BOOST_TEST(sum(taken) == bytes);
        release(taken);
    }
    BOOST_TEST(chunks.spare_bytes() == 34 * MiB);
}

BOOST_AUTO_TEST_CASE(where_many_may_be_spare_chunks_and_new_ones_add_up) {
    release(chunks.acquire(2 * MiB, Pieces::one));
    const auto many = chunks.acquire(80 * MiB, Pieces::many);
    BOOST_TEST(many.front().bytes == 2 * MiB);
    BOOST_TEST(sum(many) == 80 * MiB);
    BOOST_TEST(many.size() == 3U);  // two new ones, which can be moved apart from each other
    release(many);
}

BOOST_AUTO_TEST_CASE(only_spare_chunks_that_fit_count_for_so_many_bytes) {
    const auto small = chunks.acquire(4 * MiB, Pieces::one);
    const auto large = chunks.acquire(32 * MiB, Pieces::one);
    release(small);
    release(large);
    BOOST_TEST(chunks.spare_bytes(2 * MiB) == 0U);
    BOOST_TEST(chunks.spare_bytes(8 * MiB) == 4 * MiB);
    BOOST_TEST(chunks.spare_bytes(32 * MiB) == 32 * MiB);
    BOOST_TEST(chunks.spare_bytes(40 * MiB) == 36 * MiB);
}

BOOST_AUTO_TEST_CASE(no_more_is_kept_than_the_bound) {
    const auto first = chunks.acquire(60 * MiB, Pieces::one);
    const auto second = chunks.acquire(10 * MiB, Pieces::one);
    release(first);
    release(second);
    BOOST_TEST(chunks.spare_bytes() == 60 * MiB);
    BOOST_TEST(sim.ledger().chunk_bytes == 60 * MiB);
    BOOST_TEST(chunks.trim() == 60 * MiB);
    BOOST_TEST(sim.ledger().chunk_bytes == 0U);
}

BOOST_AUTO_TEST_CASE(a_full_device_gets_the_spare_chunks_back_first) {
    release(chunks.acquire(60 * MiB, Pieces::one));
    const auto large = chunks.acquire(250 * MiB, Pieces::one);  // of 256
    BOOST_TEST(sum(large) == 250 * MiB);
    release(large);
}

BOOST_AUTO_TEST_CASE(new_memory_is_one_chunk_and_much_of_it_two) {
    const std::size_t most = ChunkPool::max_whole_bytes();
    BOOST_TEST(most == 64 * MiB);
    for (const auto& [bytes, count] : {std::pair{2 * MiB, 1U}, std::pair{most, 1U}, std::pair{most + 2 * MiB, 2U}}) {
        const auto made = chunks.acquire(bytes, Pieces::many);
        BOOST_TEST(made.size() == count);
        BOOST_TEST(sum(made) == bytes);
        release(made);
        chunks.trim();
    }
}

BOOST_AUTO_TEST_CASE(a_failure_leaves_everything_as_it_was) {
    release(chunks.acquire(8 * MiB, Pieces::one));
    sim.fail(Verb::chunk_create, 1, cuda_error::unknown);
    BOOST_CHECK_THROW(chunks.acquire(20 * MiB, Pieces::one), device_error);
    BOOST_TEST(chunks.spare_bytes() == 8 * MiB);
    sim.fail(Verb::chunk_create, 2, cuda_error::unknown);  // after one
    BOOST_CHECK_THROW(chunks.acquire(80 * MiB, Pieces::many), device_error);
    BOOST_TEST(sim.ledger().chunk_bytes == chunks.spare_bytes());
    BOOST_CHECK_THROW(chunks.acquire(300 * MiB, Pieces::one), out_of_memory);
}

BOOST_AUTO_TEST_SUITE_END()
