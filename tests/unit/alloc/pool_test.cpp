// SPDX-License-Identifier: Apache-2.0
// Blocks: their size, alignment, books and the memory behind them.
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <thread>
#include <vector>

#include <triune/alloc/pool.hpp>

#include "on_chunks.hpp"

using namespace triune;

namespace {

struct OnPool : OnChunks {
    Pool pool{chunks};
    Stream stream{sim};

    Block allocate(std::size_t bytes) { return pool.allocate(bytes, stream.handle()); }
    void deallocate(Block block) { pool.deallocate(block, StreamOrder::on(stream.handle())); }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(pool, OnPool)

BOOST_AUTO_TEST_CASE(every_block_is_aligned_and_as_big_as_asked_for) {
    std::vector<Block> blocks;
    for (const std::size_t bytes : {1UL, 255UL, 256UL, 257UL, 4096UL, 100001UL}) {
        blocks.push_back(allocate(bytes));
        BOOST_TEST(reinterpret_cast<std::uintptr_t>(blocks.back().data) % block_alignment == 0U);
        BOOST_TEST(blocks.back().bytes == round_up(bytes, block_alignment));
        pool.check_invariants();
    }
    for (const Block& block : blocks) deallocate(block);
    pool.check_invariants();
}

BOOST_AUTO_TEST_CASE(no_bytes_are_no_block) {
    const Block none = allocate(0);
    BOOST_TEST(none.data == nullptr);
    BOOST_TEST(none.bytes == 0U);
    deallocate(none);
    BOOST_TEST(pool.statistics().reserved_bytes == 0U);
}

BOOST_AUTO_TEST_CASE(more_than_can_be_counted_is_out_of_memory) {
    BOOST_CHECK_THROW(allocate(std::numeric_limits<std::size_t>::max()), out_of_memory);
    BOOST_CHECK_THROW(allocate(std::numeric_limits<std::size_t>::max() / 2), out_of_memory);
    pool.check_invariants();
}

BOOST_AUTO_TEST_CASE(the_books_say_what_every_byte_is_used_for) {
    const Block first = allocate(2 * MiB);
    const Block second = allocate(3 * MiB);
    auto books = pool.statistics();
    BOOST_TEST(books.live_blocks == 2U);
    BOOST_TEST(books.live_bytes == 5 * MiB);
    BOOST_TEST(books.reserved_bytes == 2 * Pool::commit_step);
    BOOST_TEST(books.waiting_bytes == 2 * Pool::commit_step - 5 * MiB);  // for the one stream that there is
    BOOST_TEST(books.idle_bytes == 0U);
    deallocate(first);
    books = pool.statistics();
    BOOST_TEST(books.live_bytes == 3 * MiB);
    BOOST_TEST(books.cached_bytes == 2 * MiB);
    {
        const Held held(sim);
        BOOST_TEST(sim.fill(second.data, 1, 1, 1, stream.handle()).ok());
        pool.trim();  // takes from the threads what they keep
        books = pool.statistics();
        BOOST_TEST(books.cached_bytes == 0U);
        BOOST_TEST(books.waiting_bytes == 2 * Pool::commit_step - 3 * MiB);
    }
    deallocate(second);
    BOOST_TEST(pool.statistics().live_blocks == 0U);
    BOOST_TEST(pool.statistics().lost_bytes == 0U);
}

BOOST_AUTO_TEST_CASE(neighbours_that_nobody_uses_become_one) {
    std::vector<Block> blocks;
    for (std::size_t i = 0; i < 8; ++i) blocks.push_back(allocate(4 * MiB));
    for (const std::size_t i : {1U, 3U, 5U, 7U, 0U, 2U, 4U, 6U}) {
        deallocate(blocks[i]);
        pool.check_invariants();
    }
    stream.synchronize();
    const Block all = pool.allocate(32 * MiB, nullptr);
    BOOST_TEST(all.data == blocks[0].data);
    BOOST_TEST(pool.statistics().reserved_bytes == 32 * MiB);
    pool.deallocate(all, StreamOrder::on(nullptr));
}

BOOST_AUTO_TEST_CASE(small_blocks_lie_apart_from_large_ones) {
    const Block large = allocate(2 * MiB);
    const Block small = allocate(4096);
    const Block next = allocate(2 * MiB);
    BOOST_TEST(next.data == static_cast<std::byte*>(large.data) + 2 * MiB);
    for (const Block& block : {large, small, next}) deallocate(block);
}

BOOST_AUTO_TEST_CASE(trimming_gives_back_what_nobody_uses_wherever_it_lies) {
    const Block before = allocate(16 * MiB);
    const Block large = allocate(32 * MiB);
    const Block behind = allocate(16 * MiB);
    deallocate(large);
    stream.synchronize();
    BOOST_TEST(pool.trim() == 32 * MiB);
    pool.check_invariants();
    BOOST_TEST(sim.ledger().chunk_bytes == 32 * MiB);
    const Block again = allocate(32 * MiB);  // into the unmapped span
    BOOST_TEST(again.data == large.data);
    pool.check_invariants();
    for (const Block& block : {before, again, behind}) deallocate(block);
    BOOST_TEST(pool.trim_all() == 64 * MiB);
    BOOST_TEST(sim.ledger().chunk_bytes == 0U);
    pool.check_invariants();
    deallocate(allocate(1 * MiB));  // and begins anew
    pool.check_invariants();
}

// Half of the device in pieces that lie free between allocated ones: a block of their size together needs no new
// memory.
BOOST_AUTO_TEST_CASE(memory_that_lies_idle_in_pieces_serves_a_big_block) {
    ChunkPool keeping(sim);
    Pool pieces(keeping);
    const auto order = StreamOrder::on(stream.handle());
    std::vector<Block> blocks;
    for (std::size_t i = 0; i < 16; ++i) blocks.push_back(pieces.allocate(16 * MiB, stream.handle()));
    for (std::size_t i = 0; i < blocks.size(); i += 2) pieces.deallocate(blocks[i], order);
    stream.synchronize();
    BOOST_TEST(pieces.statistics().reserved_bytes == 256 * MiB);
    const auto created = sim.calls(Verb::chunk_create);
    const Block big = pieces.allocate(128 * MiB, nullptr);
    BOOST_TEST(sim.calls(Verb::chunk_create) == created);
    BOOST_TEST(pieces.statistics().reserved_bytes == 256 * MiB);
    pieces.check_invariants();
    BOOST_TEST(sim.fill(big.data, 1, 1, big.bytes, nullptr).ok());
    BOOST_TEST(sim.synchronize().ok());
    pieces.deallocate(big, StreamOrder::on(nullptr));
    for (std::size_t i = 1; i < blocks.size(); i += 2) pieces.deallocate(blocks[i], order);
}

// Blocks of several sizes that come and go in turns, so that what is free lies in pieces, and the same again.
BOOST_AUTO_TEST_CASE(a_program_that_repeats_itself_asks_the_device_for_nothing_after_a_while) {
    ChunkPool keeping(sim);
    Pool repeating(keeping);
    const auto order = StreamOrder::on(stream.handle());
    const auto pass = [&] {
        std::vector<Block> blocks;
        for (std::size_t i = 0; i < 10; ++i) {
            blocks.push_back(repeating.allocate((6 + 4 * (i % 4)) * MiB, stream.handle()));
            BOOST_TEST(sim.fill(blocks.back().data, 1, 1, 64, stream.handle()).ok());
        }
        for (std::size_t i = 0; i < 10; i += 2) repeating.deallocate(blocks[i], order);
        const Block wide = repeating.allocate(33 * MiB, stream.handle());
        BOOST_TEST(sim.fill(wide.data, 1, 1, wide.bytes, stream.handle()).ok());
        for (std::size_t i = 1; i < 10; i += 2) repeating.deallocate(blocks[i], order);
        repeating.deallocate(wide, order);
        repeating.check_invariants();
    };
    const auto calls = [&] {
        return sim.calls(Verb::chunk_create) + sim.calls(Verb::map) + sim.calls(Verb::set_access) +
               sim.calls(Verb::unmap) + sim.calls(Verb::event_record) + sim.calls(Verb::event_query);
    };
    pass();
    BOOST_TEST(sim.ledger().mappings > sim.ledger().chunks);  // the wide one lay in an alias
    for (int i = 0; i < 3; ++i) pass();
    const auto before = calls();
    const std::size_t reserved = repeating.statistics().reserved_bytes;
    for (int i = 0; i < 3; ++i) pass();
    BOOST_TEST(calls() == before);
    BOOST_TEST(repeating.statistics().reserved_bytes == reserved);
}

// Each alias is too small for the next. They are dropped, a few places at a time, while work that used them may be
// queued.
BOOST_AUTO_TEST_CASE(a_program_whose_blocks_grow_does_not_wait_and_does_not_map_more_and_more) {
    std::vector<Block> live(4);
    std::uint64_t max_unmapped = 0;
    for (std::size_t round = 0; round < 400; ++round) {
        Block& block = live[round % live.size()];
        const std::uint64_t unmapped = sim.calls(Verb::unmap);
        const Block larger = allocate(2 * MiB + round * 96 * KiB);
        max_unmapped = std::max(max_unmapped, sim.calls(Verb::unmap) - unmapped);
        deallocate(block);
        block = larger;
        check(sim.fill(block.data, 1, 1, 64, stream.handle()), "writing the block");
        if (round % 16 == 0) pool.check_invariants();
        if (round % 4 == 0) stream.synchronize();  // how late the device is decides little
    }
    BOOST_TEST(sim.calls(Verb::unmap) > 0U);
    BOOST_TEST(max_unmapped <= 32U);
    BOOST_TEST(sim.calls(Verb::synchronize) == 0U);
    BOOST_TEST(sim.ledger().mappings <= 8 * sim.ledger().chunks);
    for (const Block& block : live) deallocate(block);
}

BOOST_AUTO_TEST_CASE(large_blocks_that_a_thread_keeps_are_given_up_for_a_tighter_fit) {
    const Block wider = allocate(40 * MiB);
    const Block between = allocate(2 * MiB);
    const Block wide = allocate(20 * MiB);
    const Block guard = allocate(2 * MiB);
    const Block first = allocate(6 * MiB);
    const Block second = allocate(6 * MiB);
    const Block end = allocate(2 * MiB);
    BOOST_TEST_REQUIRE(second.data == static_cast<std::byte*>(first.data) + first.bytes);
    deallocate(wide);
    deallocate(wider);  // more than a thread keeps: both are free to all sizes
    const Block other = allocate(30 * MiB);
    BOOST_TEST_REQUIRE(other.data == wider.data);
    deallocate(first);
    deallocate(second);
    const Block both = allocate(12 * MiB);
    BOOST_TEST(both.data == first.data);
    for (const Block& block : {between, guard, end, other, both}) deallocate(block);
}

BOOST_AUTO_TEST_CASE(trimming_waits_for_nothing_and_trimming_all_waits_for_what_was_freed) {
    const Block freed = allocate(Pool::commit_step);
    {
        const Held held(sim);
        BOOST_TEST(sim.fill(freed.data, 1, 1, freed.bytes, stream.handle()).ok());
        deallocate(freed);
        BOOST_TEST(pool.trim() == 0U);
    }
    BOOST_TEST(pool.trim_all() == Pool::commit_step);
    BOOST_TEST(stream.query());
}

BOOST_AUTO_TEST_CASE(a_device_that_is_full_throws_out_of_memory_and_keeps_what_is_there) {
    const Block held = allocate(200 * MiB);
    BOOST_CHECK_THROW(allocate(100 * MiB), out_of_memory);
    pool.check_invariants();
    BOOST_TEST(pool.statistics().live_bytes == 200 * MiB);
    const Block rest = allocate(56 * MiB);  // to the last byte
    BOOST_TEST(pool.statistics().reserved_bytes == 256 * MiB);
    deallocate(held);
    deallocate(rest);
}

BOOST_AUTO_TEST_CASE(before_it_throws_the_pool_waits_for_memory_that_was_freed) {
    const Stream other(sim);
    const Block freed = allocate(200 * MiB);
    BOOST_TEST(sim.fill(freed.data, 1, 1, freed.bytes, stream.handle()).ok());
    deallocate(freed);
    const Block again = pool.allocate(200 * MiB, other.handle());
    BOOST_TEST(again.data == freed.data);
    pool.deallocate(again, StreamOrder::on(other.handle()));
}

BOOST_AUTO_TEST_CASE(a_pool_that_goes_takes_live_blocks_back) {
    {
        Pool brief(chunks);
        static_cast<void>(brief.allocate(1 * MiB, stream.handle()));
        brief.deallocate(brief.allocate(1 * MiB, stream.handle()), StreamOrder::on(stream.handle()));
    }
    BOOST_TEST(sim.ledger().chunks == 0U);
}

BOOST_AUTO_TEST_CASE(a_stream_that_the_device_does_not_know_is_an_invalid_argument) {
    int no_stream = 0;
    BOOST_CHECK_THROW(pool.allocate(1 * MiB, &no_stream), invalid_argument);
    BOOST_TEST(pool.statistics().reserved_bytes == 0U);
    expected_misuse = 1;
}

BOOST_AUTO_TEST_CASE(a_device_that_cannot_say_which_stream_it_is_gives_a_device_error) {
    sim.fail(Verb::stream_id, 1, cuda_error::unknown);
    BOOST_CHECK_THROW(allocate(1 * MiB), device_error);
    BOOST_TEST(pool.statistics().reserved_bytes == 0U);
}

BOOST_AUTO_TEST_CASE(threads_share_the_pool) {
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([this, i] {
            const Stream own(sim);
            std::vector<Block> blocks;
            for (std::size_t turn = 0; turn < 150; ++turn) {
                blocks.push_back(pool.allocate((turn * 7919 + static_cast<std::size_t>(i) * 104729) % (256 * KiB) + 1,
                                               own.handle()));
                if (turn % 3 == 2) {
                    const auto order = turn % 2 == 0 ? StreamOrder::on(own.handle()) : StreamOrder::after_all();
                    pool.deallocate(blocks[turn / 3], order);
                    blocks[turn / 3] = {};
                }
                if (turn % 50 == 0) pool.trim();
            }
            for (const Block& block : blocks) pool.deallocate(block, StreamOrder::on(own.handle()));
            own.synchronize();
        });
    }
    for (auto& thread : threads) thread.join();
    pool.check_invariants();
    BOOST_TEST(pool.statistics().live_blocks == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
