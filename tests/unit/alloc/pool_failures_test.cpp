// SPDX-License-Identifier: Apache-2.0
// Every verb that the pool calls fails in turn: nothing is lost, nothing is handed out twice.
#include <boost/test/unit_test.hpp>

#include <array>
#include <string>
#include <vector>

#include <triune/alloc/pool.hpp>
#include <triune/base/log.hpp>

#include "on_chunks.hpp"

using namespace triune;

namespace {

constexpr std::array failing_verbs = {
    Verb::stream_id,   Verb::event_create,      Verb::event_record, Verb::event_record_device,
    Verb::event_query, Verb::event_synchronize, Verb::chunk_create, Verb::address_reserve,
    Verb::map,         Verb::set_access,        Verb::fill,         Verb::memory_allocate,
    Verb::synchronize,
};

// A little of everything; what fails is skipped over, as a caller would that catches.
void use_pool(sim::SimDevice& device, unsigned& failures) {
    ChunkPool chunks(device);
    Pool pool(chunks);
    const Stream first(device);
    const Stream second(device);
    std::vector<Block> blocks;
    const auto allocate = [&](std::size_t bytes, const Stream& on) {
        const std::size_t live = pool.statistics().live_bytes;
        try {
            blocks.push_back(pool.allocate(bytes, on.handle()));
        } catch (const Error&) {
            ++failures;
            BOOST_TEST(pool.statistics().live_bytes == live);
        }
        pool.check_invariants();
    };
    const auto free_last = [&](StreamOrder order) {
        if (blocks.empty()) return;
        pool.deallocate(blocks.back(), order);
        blocks.pop_back();
        pool.check_invariants();
    };
    allocate(1 * 64 * KiB, first);
    allocate(5 * 64 * KiB, first);
    free_last(StreamOrder::on(first.handle()));
    allocate(2 * 64 * KiB, first);
    allocate(4 * 64 * KiB, second);
    free_last(StreamOrder::after_all());
    allocate(5 * 64 * KiB, second);
    free_last(StreamOrder::on(second.handle()));
    allocate(6 * 64 * KiB, first);
    pool.trim();
    pool.check_invariants();
    while (!blocks.empty()) free_last(StreamOrder::on(first.handle()));
    pool.trim_all();
    pool.check_invariants();
    BOOST_TEST(pool.statistics().live_bytes == 0U);
}

void fail_each(bool virtual_memory) {
    log::set_level(log::Level::off);
    for (const Verb verb : failing_verbs) {
        for (std::uint64_t nth = 1; nth <= 5; ++nth) {
            BOOST_TEST_CONTEXT("call " << nth << " of " << to_string(verb)) {
                sim::SimOptions options = BalancedSim::small(16 * MiB);  // less than a commit step: quick
                options.chunk_granularity = 64 * KiB;
                options.virtual_memory = virtual_memory;
                BalancedSim on(options);
                const auto before = teardown_failures();
                unsigned failures = 0;
                on.sim.fail(verb, nth, cuda_error::unknown);
                use_pool(on.sim, failures);
                on.sim.clear_failures();
                BOOST_TEST(failures <= 1U);  // one failure of the device is one failed call at most
                on.expected_teardown_failures = teardown_failures() - before;
                BOOST_TEST(on.expected_teardown_failures <= 1U);
            }
        }
    }
    log::set_level(log::Level::warn);
}

struct OnFailingPool : OnChunks {
    OnFailingPool() { log::set_level(log::Level::off); }
    ~OnFailingPool() { log::set_level(log::Level::warn); }
    // More than a thread keeps for itself: its free is ordered at once.
    static constexpr std::size_t uncached = largest_cached_bytes + 2 * MiB;
    Pool pool{chunks};
    Stream stream{sim};
    Stream other{sim};

    // With one stream alone nothing is recorded before somebody else wants the memory.
    void use_other() { pool.deallocate(pool.allocate(1, other.handle()), StreamOrder::on(other.handle())); }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(pool_failures)

BOOST_AUTO_TEST_CASE(a_failure_of_any_verb_loses_nothing) { fail_each(true); }

BOOST_AUTO_TEST_CASE(a_failure_of_any_verb_loses_nothing_without_virtual_memory) { fail_each(false); }

BOOST_FIXTURE_TEST_CASE(a_free_that_cannot_be_recorded_waits_for_nothing_and_serves_its_stream, OnFailingPool) {
    use_other();
    const Block block = pool.allocate(uncached, stream.handle());
    {
        const Held held(sim);
        BOOST_TEST(sim.fill(block.data, 1, 1, block.bytes, stream.handle()).ok());
        sim.fail(Verb::event_record, 1, cuda_error::unknown);
        pool.deallocate(block, StreamOrder::on(stream.handle()));
        BOOST_TEST(pool.statistics().waiting_bytes >= uncached);
        pool.check_invariants();
        const Block elsewhere = pool.allocate(uncached, other.handle());
        BOOST_TEST(elsewhere.data != block.data);
        pool.deallocate(elsewhere, StreamOrder::on(other.handle()));
    }
    const Block again = pool.allocate(uncached, stream.handle());
    BOOST_TEST(again.data == block.data);
    pool.deallocate(again, StreamOrder::on(stream.handle()));
    pool.check_invariants();
}

// As while a stream captures a graph: every way to order the free fails, for a while.
BOOST_FIXTURE_TEST_CASE(memory_whose_free_cannot_be_ordered_just_now_is_told_of_and_comes_back, OnFailingPool) {
    use_other();
    const Block block = pool.allocate(uncached, stream.handle());
    for (std::uint64_t nth = 1; nth <= 20; ++nth) {
        sim.fail(Verb::event_record_device, nth, cuda_error::stream_capture_unsupported);
        sim.fail(Verb::synchronize_within, nth, cuda_error::stream_capture_unsupported);
    }
    pool.deallocate(block, StreamOrder::after_all());
    BOOST_TEST(pool.statistics().lost_bytes == 0U);  // nobody has tried yet
    const Block next = pool.allocate(uncached, other.handle());
    BOOST_TEST(next.data != block.data);
    BOOST_TEST(pool.statistics().lost_bytes == uncached);
    pool.check_invariants();
    sim.clear_failures();
    pool.deallocate(next, StreamOrder::on(other.handle()));
    pool.trim_all();
    BOOST_TEST(pool.statistics().lost_bytes == 0U);
    BOOST_TEST(pool.statistics().reserved_bytes == 0U);
    pool.check_invariants();
}

BOOST_FIXTURE_TEST_CASE(a_stream_that_captures_a_graph_gets_no_memory_and_keeps_its_graph_when_memory_is_freed,
                        OnFailingPool) {
    use_other();
    const Block cached = pool.allocate(1 * MiB, stream.handle());
    const Block block = pool.allocate(uncached, stream.handle());
    const Stream third(sim);
    sim.begin_capture(third.handle());
    pool.deallocate(block, StreamOrder::on(third.handle()));  // in the order of a graph: of no stream
    pool.deallocate(cached, StreamOrder::on(third.handle()));
    BOOST_TEST(pool.statistics().waiting_bytes >= uncached);
    pool.check_invariants();
    BOOST_TEST(sim.end_capture(third.handle()));
    sim.begin_capture(third.handle());
    BOOST_CHECK_THROW(static_cast<void>(pool.allocate(1 * MiB, third.handle())), device_error);
    BOOST_TEST(!sim.end_capture(third.handle()));
    pool.trim_all();
    BOOST_TEST(pool.statistics().reserved_bytes == 0U);
}

BOOST_AUTO_TEST_CASE(where_captures_are_announced_a_stream_that_captures_keeps_its_graph_when_it_gets_no_memory) {
    sim::SimOptions options = BalancedSim::small();
    options.captures_announced = true;
    BalancedSim announced(options);
    ChunkPool chunks(announced.sim);
    Pool pool(chunks);
    const Stream stream(announced.sim);
    announced.sim.begin_capture(stream.handle());
    for (const std::size_t bytes : {std::size_t{1}, 1 * MiB, OnFailingPool::uncached}) {
        BOOST_CHECK_THROW(static_cast<void>(pool.allocate(bytes, stream.handle())), device_error);
        BOOST_CHECK_THROW(static_cast<void>(pool.allocate_zeroed(bytes, stream.handle())), device_error);
    }
    BOOST_TEST(announced.sim.end_capture(stream.handle()));
    BOOST_TEST(pool.statistics().reserved_bytes == 0U);
    pool.deallocate(pool.allocate(1, stream.handle()), StreamOrder::on(stream.handle()));
}

BOOST_FIXTURE_TEST_CASE(a_commit_that_is_too_greedy_is_tried_again_for_what_is_needed, OnFailingPool) {
    sim.fail(Verb::chunk_create, 1, cuda_error::out_of_memory);
    const Block block = pool.allocate(1 * MiB, stream.handle());
    BOOST_TEST(pool.statistics().reserved_bytes == 2 * MiB);
    pool.deallocate(block, StreamOrder::on(stream.handle()));
}

BOOST_AUTO_TEST_CASE(a_full_device_without_virtual_memory_gets_its_idle_slabs_back) {
    sim::SimOptions options = BalancedSim::small();
    options.virtual_memory = false;
    BalancedSim plain(options);
    const Stream stream(plain.sim);
    const Stream other(plain.sim);
    ChunkPool chunks(plain.sim);
    Pool pool(chunks);
    pool.deallocate(pool.allocate(1, other.handle()), StreamOrder::on(other.handle()));
    const Block first = pool.allocate(100 * MiB, stream.handle());
    const Block second = pool.allocate(100 * MiB, stream.handle());
    pool.deallocate(first, StreamOrder::on(stream.handle()));
    pool.deallocate(second, StreamOrder::on(stream.handle()));
    const Block wide = pool.allocate(200 * MiB, stream.handle());
    BOOST_TEST(wide.bytes == 200 * MiB);
    pool.deallocate(wide, StreamOrder::on(stream.handle()));
    pool.check_invariants();
}

BOOST_AUTO_TEST_SUITE_END()
