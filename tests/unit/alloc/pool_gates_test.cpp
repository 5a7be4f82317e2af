// SPDX-License-Identifier: Apache-2.0
// Whose work freed memory waits for: one stream stands at a gate, and all others are through.
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <memory>
#include <span>
#include <thread>
#include <vector>

#include <triune/alloc/pool.hpp>

#include "../../contract/gate.hpp"
#include "on_chunks.hpp"

using namespace triune;
using contract::Gate;

namespace {

struct OnGatedPool : OnChunks {
    explicit OnGatedPool(sim::SimOptions options = small()) : OnChunks(options) {}

    Pool pool{chunks};
    Stream stream{sim};
    Stream other{sim};
    // What a thread's cache keeps at most.
    const std::size_t max_cached = ThreadCache::share_of(sim.properties().total_bytes);

    Block allocate(std::size_t bytes, const Stream& on) { return pool.allocate(bytes, on.handle()); }
    void free(Block block, const Stream& on) { pool.deallocate(block, StreamOrder::on(on.handle())); }
    // Three blocks of which a cache keeps two. What is freed of them leaves the cache for the pool.
    std::array<Block, 3> too_many(StreamHandle on) {
        return {pool.allocate(max_cached / 2, on), pool.allocate(max_cached / 2, on),
                pool.allocate(max_cached / 2, on)};
    }
    // What was freed may be handed out again as a part of something larger.
    static bool overlap(const Block& a, const Block& b) {
        const auto* const begin_a = static_cast<const std::byte*>(a.data);
        const auto* const begin_b = static_cast<const std::byte*>(b.data);
        return begin_a < begin_b + b.bytes && begin_b < begin_a + a.bytes;
    }
    static bool among(const Block& block, std::span<const Block> blocks) {
        return std::any_of(blocks.begin(), blocks.end(), [&](const Block& each) { return each.data == block.data; });
    }
};

struct OnReusedHandles : OnGatedPool {
    static sim::SimOptions reusing() {
        auto options = small();
        options.reuse_handles = true;
        return options;
    }
    OnReusedHandles() : OnGatedPool(reusing()) {}
};

// Where nothing is shown side by side, what is free stays as it is.
struct OnPlainMemory : OnGatedPool {
    static sim::SimOptions plain() {
        auto options = small();
        options.virtual_memory = false;
        return options;
    }
    OnPlainMemory() : OnGatedPool(plain()) {}
};

struct OnSmallDevice : OnGatedPool {
    OnSmallDevice() : OnGatedPool(small(32 * MiB)) {}

    std::vector<Block> fill_up(std::size_t bytes) {
        std::vector<Block> blocks;
        try {
            for (;;) blocks.push_back(allocate(bytes, stream));
        } catch (const out_of_memory&) {
        }
        return blocks;
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(pool_gates)

BOOST_FIXTURE_TEST_CASE(what_leaves_a_full_cache_waits_for_its_stream_alone, OnGatedPool) {
    const auto blocks = too_many(stream.handle());
    const Block elsewhere = allocate(256, other);
    const Stream third(sim);
    const Gate gate(sim, third.handle());
    for (const Block& block : blocks) free(block, stream);
    stream.synchronize();
    const Block taken = allocate(max_cached / 2, other);
    BOOST_TEST(among(taken, blocks));
    free(taken, other);
    free(elsewhere, other);
}

// The new stream's free finds what the old one kept by the handle, and makes the cache too full.
BOOST_FIXTURE_TEST_CASE(what_leaves_a_full_cache_is_not_ordered_by_a_new_stream_with_the_old_handle, OnReusedHandles) {
    const Block elsewhere = allocate(256, other);
    StreamHandle handle = nullptr;
    BOOST_TEST(sim.stream_create(handle).ok());
    const auto blocks = too_many(handle);
    const auto gate = std::make_unique<Gate>(sim, handle);
    for (const std::size_t i : {0U, 1U}) pool.deallocate(blocks[i], StreamOrder::on(handle));
    BOOST_TEST(sim.stream_destroy(handle).ok());
    StreamHandle again = nullptr;
    BOOST_TEST(sim.stream_create(again).ok());
    BOOST_REQUIRE(again == handle);
    pool.deallocate(blocks[2], StreamOrder::on(again));
    BOOST_TEST(sim.stream_synchronize(again).ok());
    std::array<Block, 3> taken{};
    for (Block& block : taken) {
        block = allocate(max_cached / 2, other);
        BOOST_TEST(!among(block, std::span(blocks).first(2)));
    }
    for (const Block& block : taken) free(block, other);
    free(elsewhere, other);
    BOOST_TEST(sim.stream_destroy(again).ok());
}

// A thread keeps blocks of so many streams; the one that comes then takes the place of the longest unused. Free memory is
// there for all of them: where it is not, all caches are emptied anyway.
BOOST_FIXTURE_TEST_CASE(what_a_cache_gives_up_for_a_new_stream_is_not_ordered_by_that, OnGatedPool) {
    const Block elsewhere = allocate(256, other);
    const Block block = allocate(1 * MiB, stream);
    const Gate gate(sim, stream.handle());
    free(block, stream);
    std::vector<std::unique_ptr<Stream>> streams;
    for (std::size_t i = 0; i <= ThreadCache::max_streams; ++i) {
        streams.push_back(std::make_unique<Stream>(sim));
        free(allocate(256, *streams.back()), *streams.back());
    }
    for (const auto& each : streams) each->synchronize();
    std::array<Block, 5> taken{};
    for (Block& each : taken) {
        each = allocate(1 * MiB, other);
        BOOST_TEST(!overlap(each, block));
    }
    for (const Block& each : taken) free(each, other);
    free(elsewhere, other);
}

// Two streams whose batches have one place in the transfer cache: its number is the stream's, divided.
BOOST_FIXTURE_TEST_CASE(what_a_transfer_cache_gives_up_is_not_ordered_by_the_stream_that_wants_its_place, OnGatedPool) {
    constexpr std::size_t many = ThreadCache::max_of_a_class + 1;
    constexpr std::size_t bytes = 16 * KiB;
    constexpr std::size_t batch = (many - ThreadCache::max_of_a_class / 2) * bytes;
    const std::size_t room = TransferCache::share_of(max_cached);
    BOOST_REQUIRE((batch <= room && room < 2 * batch));
    std::uint64_t number = 0;
    BOOST_TEST(sim.stream_id(stream.handle(), number).ok());
    std::vector<std::unique_ptr<Stream>> between;
    const Stream* same = nullptr;
    while (same == nullptr) {
        between.push_back(std::make_unique<Stream>(sim));
        std::uint64_t found = 0;
        BOOST_TEST(sim.stream_id(between.back()->handle(), found).ok());
        if (found % TransferCache::place_count == number % TransferCache::place_count) same = between.back().get();
    }
    const auto free_many = [&](const Stream& on, const std::vector<Block>& blocks) {
        for (const Block& block : blocks) free(block, on);
    };
    const auto make_many = [&](const Stream& on, std::size_t count) {
        std::vector<Block> blocks;
        for (std::size_t i = 0; i < count; ++i) blocks.push_back(allocate(bytes, on));
        return blocks;
    };
    const std::vector<Block> blocks = make_many(stream, many);
    const std::vector<Block> others = make_many(*same, many);
    const Gate gate(sim, stream.handle());
    free_many(stream, blocks);
    free_many(*same, others);
    same->synchronize();
    // More than lies free: then what was given up is asked for.
    const std::vector<Block> taken = make_many(other, 4 * many);
    for (const Block& block : taken) BOOST_TEST(!among(block, blocks));
    free_many(other, taken);
}

BOOST_FIXTURE_TEST_CASE(a_full_device_waits_for_what_was_freed_and_not_for_another_streams_kernel, OnSmallDevice) {
    const Block elsewhere = allocate(256, other);
    const std::vector<Block> all = fill_up(max_cached / 2);
    const Stream third(sim);
    const Gate never_through(sim, third.handle());
    Gate gate(sim, stream.handle());
    for (const Block& block : std::span(all).last(3)) free(block, stream);
    std::thread opens([&] {
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
        gate.open();
    });
    const std::uint64_t waits = sim.calls(Verb::synchronize_within);
    const Block taken = allocate(max_cached / 2, other);
    BOOST_TEST(sim.calls(Verb::synchronize_within) == waits);
    opens.join();
    BOOST_TEST(among(taken, std::span(all).last(3)));
    free(taken, other);
    for (const Block& block : std::span(all).first(all.size() - 3)) free(block, stream);
    free(elsewhere, other);
}

// Chunks belong to either small or large blocks.
BOOST_FIXTURE_TEST_CASE(a_full_device_gives_the_memory_of_small_blocks_to_a_large_one, OnSmallDevice) {
    for (const Block& block : fill_up(1 * MiB)) free(block, stream);
    const Block large = allocate(16 * MiB, stream);
    BOOST_TEST(large.bytes >= 16 * MiB);
    free(large, stream);
}

// Of what is the stream's own and what is free.
BOOST_FIXTURE_TEST_CASE(the_tighter_fit_is_taken, OnPlainMemory) {
    const Block stream_free = allocate(100 * MiB, stream);  // more than a cache keeps
    const Block tight = allocate(70 * MiB, other);
    free(tight, other);
    other.synchronize();
    const Block third = allocate(72 * MiB, other);  // the other one is seen to be free
    free(stream_free, stream);
    const Block taken = allocate(70 * MiB, stream);
    BOOST_TEST(taken.data == tight.data);
    free(taken, stream);
    free(third, other);
}

BOOST_AUTO_TEST_SUITE_END()
