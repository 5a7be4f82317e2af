// SPDX-License-Identifier: Apache-2.0
// Pinned memory kept for reuse.
#include <boost/test/unit_test.hpp>

#include <cstring>
#include <limits>
#include <thread>
#include <vector>

#include <triune/detail/alloc/device_memory/pinned_pool.hpp>

#include "../balanced_sim.hpp"

using namespace triune;

BOOST_FIXTURE_TEST_SUITE(pinned_pool, BalancedSim)

BOOST_AUTO_TEST_CASE(a_steady_program_pins_nothing_after_its_first_round) {
    PinnedPool pool(sim);
    for (int round = 0; round < 50; ++round) {
        const auto first = pool.allocate(100 * KiB);
        const auto second = pool.allocate(100 * KiB);
        const auto third = pool.allocate(3 * MiB);
        pool.deallocate(second);
        pool.deallocate(first);
        pool.deallocate(third);
    }
    BOOST_TEST(pool.pin_count() == 3U);
    BOOST_TEST(sim.calls(Verb::pinned_allocate) == 3U);
}

BOOST_AUTO_TEST_CASE(sizes_are_rounded_to_pages_and_not_to_powers_of_two) {
    PinnedPool pool(sim);
    const auto piece = pool.allocate(5 * MiB + 1);
    BOOST_TEST(piece.bytes == 5 * MiB + PinnedPool::page);
    BOOST_TEST(sim.ledger().pinned_bytes == 5 * MiB + PinnedPool::page);
    std::memset(piece.data, 1, piece.bytes);
    pool.deallocate(piece);
}

BOOST_AUTO_TEST_CASE(a_smaller_spare_piece_does_not_stand_before_one_that_fits) {
    PinnedPool pool(sim);
    const auto smaller = pool.allocate(120 * KiB);
    const auto fitting = pool.allocate(200 * KiB);
    pool.deallocate(smaller);
    pool.deallocate(fitting);
    const auto again = pool.allocate(200 * KiB);
    BOOST_TEST(again.data == fitting.data);
    BOOST_TEST(pool.pin_count() == 2U);
    pool.deallocate(again);
}

BOOST_AUTO_TEST_CASE(no_bytes_are_no_memory) {
    PinnedPool pool(sim);
    const auto none = pool.allocate(0);
    BOOST_TEST(none.data == nullptr);
    pool.deallocate(none);
    BOOST_TEST(pool.pin_count() == 0U);
}

BOOST_AUTO_TEST_CASE(a_spare_piece_serves_what_is_up_to_a_fifth_smaller_and_nothing_smaller_than_that) {
    PinnedPool pool(sim);
    pool.deallocate(pool.allocate(100 * PinnedPool::page));
    const auto fits = pool.allocate(80 * PinnedPool::page);
    BOOST_TEST(fits.bytes == 100 * PinnedPool::page);
    pool.deallocate(fits);
    const auto too_small = pool.allocate(79 * PinnedPool::page);
    BOOST_TEST(too_small.bytes == 79 * PinnedPool::page);
    pool.deallocate(too_small);
}

BOOST_AUTO_TEST_CASE(spare_memory_is_bounded_and_the_largest_goes_first) {
    PinnedPool pool(sim, 2 * MiB);
    const auto small = pool.allocate(1 * MiB);
    const auto large = pool.allocate(2 * MiB);
    pool.deallocate(small);
    pool.deallocate(large);
    BOOST_TEST(pool.spare_bytes() == 1 * MiB);
    BOOST_TEST(sim.ledger().pinned_bytes == 1 * MiB);
}

BOOST_AUTO_TEST_CASE(trimming_releases_every_spare_piece_and_tells_how_much) {
    PinnedPool pool(sim);
    const auto kept = pool.allocate(1 * MiB);
    pool.deallocate(pool.allocate(2 * MiB));
    BOOST_TEST(pool.trim() == 2 * MiB);
    BOOST_TEST(pool.trim() == 0U);
    BOOST_TEST(sim.ledger().pinned_bytes == 1 * MiB);
    pool.deallocate(kept);
}

BOOST_AUTO_TEST_CASE(a_refusal_releases_spare_memory_and_asks_again) {
    PinnedPool pool(sim);
    pool.deallocate(pool.allocate(1 * MiB));
    sim.fail(Verb::pinned_allocate, 1, cuda_error::out_of_memory);
    const auto piece = pool.allocate(4 * MiB);
    BOOST_TEST(pool.spare_bytes() == 0U);
    pool.deallocate(piece);
}

BOOST_AUTO_TEST_CASE(a_refusal_without_spare_memory_throws_and_changes_nothing) {
    PinnedPool pool(sim);
    sim.fail(Verb::pinned_allocate, 1, cuda_error::out_of_memory);
    BOOST_CHECK_THROW(pool.allocate(4 * MiB), out_of_memory);
    sim.fail(Verb::pinned_allocate, 1, cuda_error::unknown);
    BOOST_CHECK_THROW(pool.allocate(4 * MiB), device_error);
    BOOST_CHECK_THROW(pool.allocate(std::numeric_limits<std::size_t>::max()), out_of_memory);
    BOOST_TEST(pool.pin_count() == 0U);
    BOOST_TEST(pool.spare_bytes() == 0U);
}

BOOST_AUTO_TEST_CASE(a_piece_that_is_put_back_twice_counts_once) {
    PinnedPool pool(sim);
    const auto piece = pool.allocate(1 * MiB);
    pool.deallocate(piece);
    pool.deallocate(piece);
    BOOST_TEST(pool.spare_bytes() == 1 * MiB);
}

BOOST_AUTO_TEST_CASE(threads_never_share_a_piece) {
    PinnedPool pool(sim);
    std::vector<std::thread> threads;
    std::atomic<bool> shared{false};
    for (int i = 1; i <= 4; ++i) {
        threads.emplace_back([&, i] {
            for (int turn = 0; turn < 100; ++turn) {
                const auto piece = pool.allocate(64 * KiB);
                auto* const bytes = static_cast<unsigned char*>(piece.data);
                std::memset(bytes, i, piece.bytes);
                if (bytes[0] != i || bytes[piece.bytes - 1] != i) shared = true;
                pool.deallocate(piece);
            }
        });
    }
    for (auto& thread : threads) thread.join();
    BOOST_TEST(!shared);
    BOOST_TEST(pool.pin_count() <= 4U);
}

BOOST_AUTO_TEST_SUITE_END()
