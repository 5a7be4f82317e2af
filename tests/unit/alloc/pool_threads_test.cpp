// SPDX-License-Identifier: Apache-2.0
// The pool and the threads that use it: what they keep, what they leave behind, what they free for each other.
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <future>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include <triune/alloc/pool.hpp>

#include "on_chunks.hpp"

using namespace triune;

namespace {

struct OnThreadedPool : OnChunks {
    Pool pool{chunks};
    Stream stream{sim};

    Block allocate(std::size_t bytes) { return pool.allocate(bytes, stream.handle()); }
    void deallocate(Block block) { pool.deallocate(block, StreamOrder::on(stream.handle())); }
    template <typename Function>
    static void on_a_thread(Function&& function) {
        std::thread(std::forward<Function>(function)).join();
    }
};

// So large that other threads may keep something while the pool grows: 32 MiB, a 512th.
struct OnLargeDevice : BalancedSim {
    OnLargeDevice() : BalancedSim(small(16 * GiB)) {}

    ChunkPool chunks{sim};
    Pool pool{chunks};
    Stream stream{sim};
};

// Keeps memory freed on its stream, and is there until the end.
class Keeper {
  public:
    Keeper(Pool& pool, Device& device, std::size_t bytes) : stream_(device) {
        std::promise<void> kept;
        thread_ = std::thread([&, end = end_.get_future()] {
            pool.deallocate(pool.allocate(bytes, stream_.handle()), StreamOrder::on(stream_.handle()));
            kept.set_value();
            end.wait();
        });
        kept.get_future().wait();
    }
    Keeper(const Keeper&) = delete;
    Keeper& operator=(const Keeper&) = delete;
    ~Keeper() {
        end_.set_value();
        thread_.join();
    }

  private:
    Stream stream_;
    std::promise<void> end_;
    std::thread thread_;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(pool_threads, OnThreadedPool)

BOOST_AUTO_TEST_CASE(a_steady_thread_asks_the_device_for_nothing_but_the_streams_number) {
    for (const std::size_t bytes : {std::size_t{256}, 64 * KiB, 3 * MiB}) {
        deallocate(allocate(bytes));
        const auto events = sim.calls(Verb::event_record) + sim.calls(Verb::event_record_device);
        const auto queries = sim.calls(Verb::event_query);
        const auto numbers = sim.calls(Verb::stream_id);
        for (int i = 0; i < 100; ++i) deallocate(allocate(bytes));
        BOOST_TEST(sim.calls(Verb::event_record) + sim.calls(Verb::event_record_device) == events);
        BOOST_TEST(sim.calls(Verb::event_query) == queries);
        BOOST_TEST(sim.calls(Verb::stream_id) == numbers + 100);
    }
}

BOOST_AUTO_TEST_CASE(a_thread_that_ends_leaves_what_it_kept_to_the_next) {
    void* kept = nullptr;
    on_a_thread([&] {
        const Block block = allocate(3 * MiB);
        kept = block.data;
        deallocate(block);
    });
    BOOST_TEST(pool.statistics().cached_bytes == 3 * MiB);
    on_a_thread([&] {
        const Block block = allocate(3 * MiB);
        BOOST_TEST(block.data == kept);
        deallocate(block);
    });
    pool.check_invariants();
}

BOOST_AUTO_TEST_CASE(what_idle_threads_keep_serves_others_before_the_device_is_asked) {
    on_a_thread([&] { deallocate(allocate(16 * MiB)); });
    stream.synchronize();
    const Stream other(sim);
    const auto reserved = pool.statistics().reserved_bytes;
    const Block block = pool.allocate(16 * MiB, other.handle());
    BOOST_TEST(pool.statistics().reserved_bytes == reserved);
    pool.deallocate(block, StreamOrder::on(other.handle()));
}

BOOST_FIXTURE_TEST_CASE(other_threads_keep_little_while_the_pool_grows_and_give_it_up_now_and_then, OnLargeDevice) {
    const Keeper keeper(pool, sim, 1 * MiB);
    std::vector<Block> blocks;
    const auto grow = [&] { blocks.push_back(pool.allocate(6 * MiB, stream.handle())); };
    for (int i = 0; i < 3; ++i) grow();
    BOOST_TEST(pool.statistics().cached_bytes == 1 * MiB);
    while (pool.statistics().reserved_bytes <= 40 * MiB) grow();
    BOOST_TEST(pool.statistics().cached_bytes == 0U);
    pool.check_invariants();
    for (const Block& block : blocks) pool.deallocate(block, StreamOrder::on(stream.handle()));
}

// What they had last time counts as if they had it again.
BOOST_FIXTURE_TEST_CASE(other_threads_that_keep_much_give_it_up_whenever_the_pool_would_grow, OnLargeDevice) {
    const auto block = pool.allocate(16 * MiB, stream.handle());
    {
        const Keeper first(pool, sim, 60 * MiB);
        pool.deallocate(pool.allocate(80 * MiB, stream.handle()), StreamOrder::on(stream.handle()));
    }
    const Keeper second(pool, sim, 60 * MiB);
    const auto reserved = pool.statistics().reserved_bytes;
    const Block served = pool.allocate(60 * MiB, stream.handle());
    BOOST_TEST(pool.statistics().reserved_bytes == reserved);
    for (const Block& each : {block, served}) pool.deallocate(each, StreamOrder::on(stream.handle()));
}

BOOST_FIXTURE_TEST_CASE(what_other_threads_keep_serves_where_the_device_has_no_more, OnLargeDevice) {
    const Keeper keeper(pool, sim, 16 * MiB);
    const auto reserved = pool.statistics().reserved_bytes;
    sim.fail(Verb::chunk_create, 1, cuda_error::out_of_memory, 1000);
    const Block block = pool.allocate(16 * MiB, stream.handle());
    BOOST_TEST(pool.statistics().reserved_bytes == reserved);
    sim.clear_failures();
    pool.deallocate(block, StreamOrder::on(stream.handle()));
}

BOOST_AUTO_TEST_CASE(threads_keep_theirs_while_memory_that_was_waited_for_serves) {
    const Stream other(sim);
    const Block large = allocate(80 * MiB);
    on_a_thread([&] { deallocate(allocate(3 * MiB)); });
    deallocate(large);
    stream.synchronize();
    const auto kept = pool.statistics().cached_bytes;
    BOOST_TEST(kept >= 3 * MiB);
    const Block block = pool.allocate(80 * MiB, other.handle());
    BOOST_TEST(pool.statistics().cached_bytes == kept);
    pool.deallocate(block, StreamOrder::on(other.handle()));
}

BOOST_AUTO_TEST_CASE(what_threads_keep_is_given_back_by_a_trim) {
    on_a_thread([&] { deallocate(allocate(16 * MiB)); });
    BOOST_TEST(pool.trim_all() >= 16 * MiB);
    BOOST_TEST(pool.statistics().reserved_bytes == 0U);
}

BOOST_AUTO_TEST_CASE(one_event_stands_for_many_small_frees) {
    std::vector<Block> blocks;
    for (int i = 0; i < 1000; ++i) blocks.push_back(allocate(4096));
    const auto before = sim.calls(Verb::event_record) + sim.calls(Verb::event_record_device);
    for (const Block& block : blocks) deallocate(block);
    BOOST_TEST(sim.calls(Verb::event_record) + sim.calls(Verb::event_record_device) - before <= 16U);
    pool.check_invariants();
}

BOOST_AUTO_TEST_CASE(what_one_thread_frees_on_a_stream_another_gets_there_without_waiting) {
    std::vector<Block> blocks;
    for (int i = 0; i < 600; ++i) blocks.push_back(allocate(4096));
    const auto reserved = pool.statistics().reserved_bytes;
    const Held held(sim);
    on_a_thread([&] {
        for (const Block& block : blocks) deallocate(block);
    });
    for (Block& block : blocks) block = {};
    for (int i = 0; i < 400; ++i) blocks[static_cast<std::size_t>(i)] = allocate(4096);
    BOOST_TEST(pool.statistics().reserved_bytes == reserved);
    pool.check_invariants();
    for (const Block& block : blocks) deallocate(block);
}

BOOST_AUTO_TEST_CASE(a_thread_that_allocates_and_one_that_frees_record_no_event) {
    const auto pass = [&] {
        std::vector<Block> blocks;
        for (int i = 0; i < 400; ++i) blocks.push_back(allocate(4096));
        on_a_thread([&] {
            for (const Block& block : blocks) deallocate(block);
        });
    };
    pass();
    const auto events = sim.calls(Verb::event_record) + sim.calls(Verb::event_record_device);
    const auto reserved = pool.statistics().reserved_bytes;
    for (int i = 0; i < 10; ++i) pass();
    BOOST_TEST(sim.calls(Verb::event_record) + sim.calls(Verb::event_record_device) == events);
    BOOST_TEST(pool.statistics().reserved_bytes == reserved);
    pool.check_invariants();
}

BOOST_AUTO_TEST_CASE(what_passes_between_threads_is_given_back_by_a_trim) {
    std::vector<Block> blocks;
    for (int i = 0; i < 400; ++i) blocks.push_back(allocate(4096));
    on_a_thread([&] {
        for (const Block& block : blocks) deallocate(block);
    });
    BOOST_TEST(pool.statistics().cached_bytes >= 400 * 4096U);
    BOOST_TEST(pool.trim_all() >= 400 * 4096U);
    BOOST_TEST(pool.statistics().reserved_bytes == 0U);
    pool.check_invariants();
}

BOOST_AUTO_TEST_CASE(a_pool_may_go_before_a_thread_that_used_it) {
    {
        Pool brief(chunks);
        on_a_thread([&] { brief.deallocate(brief.allocate(256, nullptr), StreamOrder::on(nullptr)); });
        brief.deallocate(brief.allocate(256, nullptr), StreamOrder::on(nullptr));
    }
    Pool next(chunks);  // this thread's cache of the old one is not asked again
    const Block block = next.allocate(256, nullptr);
    BOOST_TEST(next.statistics().live_blocks == 1U);
    next.deallocate(block, StreamOrder::on(nullptr));
    next.check_invariants();
}

BOOST_AUTO_TEST_CASE(many_pools_of_one_thread_do_not_mix) {
    std::vector<std::unique_ptr<Pool>> pools;
    for (int i = 0; i < 9; ++i) pools.push_back(std::make_unique<Pool>(chunks));
    for (int turn = 0; turn < 3; ++turn) {
        std::vector<Block> blocks;
        for (const auto& each : pools) blocks.push_back(each->allocate(256, stream.handle()));
        for (std::size_t i = 0; i < pools.size(); ++i) {
            pools[i]->deallocate(blocks[i], StreamOrder::on(stream.handle()));
            pools[i]->check_invariants();
        }
    }
}

BOOST_AUTO_TEST_CASE(threads_free_what_others_allocated) {
    constexpr std::size_t rounds = 200;
    std::vector<std::vector<Block>> handed(4);
    for (std::size_t turn = 0; turn < 4; ++turn) {
        std::vector<std::thread> threads;
        for (std::size_t i = 0; i < handed.size(); ++i) {
            threads.emplace_back([&, i] {
                std::vector<Block> mine;
                for (std::size_t k = 0; k < rounds; ++k) mine.push_back(allocate(256 * (1 + (i + k) % 40)));
                for (const Block& block : handed[i]) deallocate(block);
                handed[i] = std::move(mine);
            });
        }
        for (auto& thread : threads) thread.join();
        std::rotate(handed.begin(), handed.begin() + 1, handed.end());
        pool.check_invariants();
    }
    for (const auto& blocks : handed) {
        for (const Block& block : blocks) deallocate(block);
    }
    pool.check_invariants();
    BOOST_TEST(pool.statistics().live_blocks == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
