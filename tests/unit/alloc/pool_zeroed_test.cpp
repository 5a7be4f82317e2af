// SPDX-License-Identifier: Apache-2.0
// Blocks that hold zeroes.
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <vector>

#include <triune/alloc/pool.hpp>

#include "on_chunks.hpp"

using namespace triune;

namespace {

struct OnZeroedPool : OnChunks {
    Pool pool{chunks};
    Stream stream{sim};

    Block allocate(std::size_t bytes) { return pool.allocate_zeroed(bytes, stream.handle()); }
    void deallocate(Block block) { pool.deallocate(block, StreamOrder::on(stream.handle())); }
    void write(Block block) { BOOST_TEST(sim.fill(block.data, 7, 1, block.bytes, stream.handle()).ok()); }
    // Once the stream has run.
    bool is_zero(Block block) {
        stream.synchronize();
        const auto* const bytes = static_cast<const std::byte*>(block.data);
        return std::all_of(bytes, bytes + block.bytes, [](std::byte each) { return each == std::byte{0}; });
    }
    std::uint64_t calls() const { return sim.calls(Verb::fill) + sim.calls(Verb::copy_on_device); }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(pool_zeroed, OnZeroedPool)

BOOST_AUTO_TEST_CASE(blocks_of_any_size_are_zero_whatever_was_there) {
    for (const std::size_t bytes : {1UL, 256UL, 5000UL, 64 * KiB, 64 * KiB + 1, 3 * MiB, 70 * MiB}) {
        for (int round = 0; round < 4; ++round) {
            const Block block = allocate(bytes);
            BOOST_TEST(is_zero(block));
            write(block);
            deallocate(block);
        }
    }
    BOOST_TEST(allocate(0).data == nullptr);
    pool.check_invariants();
}

BOOST_AUTO_TEST_CASE(many_small_ones_take_few_calls) {
    std::uint64_t made = 0;
    for (int i = 0; i < 320; ++i) {
        const std::uint64_t before = calls();
        const Block block = allocate(4 * KiB);
        made += calls() - before;
        if (i % 7 == 0) BOOST_TEST(is_zero(block));
        write(block);
        deallocate(block);
    }
    BOOST_TEST(made <= 320U / 16);
    pool.check_invariants();
}

BOOST_AUTO_TEST_CASE(no_more_than_256_KiB_are_zeroed_ahead) {
    std::vector<Block> blocks(16);
    for (Block& block : blocks) block = pool.allocate(64 * KiB, stream.handle());
    for (const Block& block : blocks) deallocate(block);
    deallocate(allocate(64 * KiB));
    const auto before = sim.calls(Verb::copy_on_device);
    for (Block& block : blocks) block = allocate(64 * KiB);
    BOOST_TEST(sim.calls(Verb::copy_on_device) - before == 4U);
    for (const Block& block : blocks) {
        BOOST_TEST(is_zero(block));
        deallocate(block);
    }
}

BOOST_AUTO_TEST_CASE(what_was_zeroed_ahead_is_for_its_stream) {
    const Stream other(sim);
    for (int i = 0; i < 3; ++i) deallocate(allocate(4 * KiB));
    const Held held(sim);
    const Block first = allocate(4 * KiB);  // zeroed there already, or about to be
    const Block second = pool.allocate_zeroed(4 * KiB, other.handle());
    BOOST_TEST(first.data != second.data);
    pool.deallocate(second, StreamOrder::on(other.handle()));
    deallocate(first);
    pool.check_invariants();
}

BOOST_AUTO_TEST_CASE(where_zeroing_fails_nothing_is_lost_and_nothing_counts_as_zero) {
    for (int i = 0; i < 2; ++i) deallocate(allocate(4 * KiB));
    std::vector<Block> zeroed;
    while (sim.calls(Verb::copy_on_device) < 2) zeroed.push_back(allocate(4 * KiB));
    for (const Block& block : zeroed) {
        write(block);
        deallocate(block);
    }
    const PoolStatistics before = pool.statistics();
    std::vector<Block> blocks;
    sim.fail(Verb::copy_on_device, 1, cuda_error::unknown);
    BOOST_CHECK_THROW(while (true) blocks.push_back(allocate(4 * KiB)), device_error);
    for (const Block& block : blocks) deallocate(block);
    pool.check_invariants();
    BOOST_TEST(pool.statistics().live_blocks == before.live_blocks);
    for (int i = 0; i < 40; ++i) {
        const Block block = allocate(4 * KiB);
        BOOST_TEST(is_zero(block));
        write(block);
        deallocate(block);
    }
    sim.fail(Verb::fill, 1, cuda_error::unknown);
    BOOST_CHECK_THROW(allocate(1 * MiB), device_error);
    BOOST_TEST(pool.statistics().live_blocks == before.live_blocks);
}

BOOST_AUTO_TEST_CASE(zeroed_blocks_go_back_to_the_device_too) {
    for (int i = 0; i < 3; ++i) deallocate(allocate(4 * KiB));
    BOOST_TEST(pool.trim_all() > 0U);
    BOOST_TEST(pool.statistics().reserved_bytes == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
