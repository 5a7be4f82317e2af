// SPDX-License-Identifier: Apache-2.0
// Random sequences of calls against a plain model, on every kind of device.
#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <cstring>
#include <deque>
#include <iterator>
#include <map>
#include <random>
#include <vector>

#include <triune/alloc/pool.hpp>

#include "on_chunks.hpp"

using namespace triune;

namespace {

// What the pool ought to know: allocated blocks by address. Each block's first and last word carry its number, written
// in the order of the block's stream and read back there before the block is freed: memory that serves two at once
// shows.
class Model {
  public:
    Model(Pool& pool, std::vector<Stream>& streams, unsigned seed) : pool_(pool), streams_(streams), random_(seed) {}

    void step() {
        const std::size_t choice = below(100);
        if (choice < 50) {
            allocate();
        } else if (choice < 92) {
            if (!live_.empty()) free_one();
        } else if (choice < 95) {
            pool_.trim();
        } else if (choice < 96) {
            pool_.trim_all();
        } else {
            streams_[below(streams_.size())].synchronize();
        }
        check_books();
    }

    void finish() {
        while (!live_.empty()) free_one();
        for (const Stream& stream : streams_) stream.synchronize();
        for (const Read& read : reads_) {
            BOOST_TEST(read.first == read.expected);
            BOOST_TEST(read.last == read.expected);
        }
        pool_.check_invariants();
    }

  private:
    struct Live {
        Block block;
        std::size_t stream;
        std::uint32_t number;
    };
    struct Read {
        std::uint32_t expected;
        std::uint32_t first = 0;
        std::uint32_t last = 0;
    };

    std::size_t below(std::size_t end) { return static_cast<std::size_t>(random_()) % end; }
    Device& device() { return pool_.device(); }

    void allocate() {
        // Mostly small ones, now and then megabytes.
        const std::size_t bytes = below(8) == 0 ? below(6 * MiB) + 8 : below(64 * KiB) + 8;
        const std::size_t on = below(streams_.size());
        Live made{{}, on, ++numbers_};
        try {
            made.block = pool_.allocate(bytes, streams_[on].handle());
        } catch (const out_of_memory&) {
            return;
        }
        BOOST_TEST(made.block.bytes >= bytes);
        const auto at = reinterpret_cast<std::uintptr_t>(made.block.data);
        BOOST_TEST(at % block_alignment == 0U);
        const auto next = live_.lower_bound(at);
        if (next != live_.end()) BOOST_TEST(at + made.block.bytes <= next->first);
        if (next != live_.begin()) BOOST_TEST(std::prev(next)->first + std::prev(next)->second.block.bytes <= at);
        auto* const words = static_cast<std::byte*>(made.block.data);
        const StreamHandle stream = streams_[on].handle();
        BOOST_TEST(device().fill(words, made.number, 4, 1, stream).ok());
        BOOST_TEST(device().fill(words + made.block.bytes - 4, made.number, 4, 1, stream).ok());
        live_.emplace(at, made);
    }

    void free_one() {
        const auto chosen = std::next(live_.begin(), static_cast<std::ptrdiff_t>(below(live_.size())));
        const Live gone = chosen->second;
        live_.erase(chosen);
        reads_.push_back({gone.number});
        Read& read = reads_.back();
        const auto* const words = static_cast<const std::byte*>(gone.block.data);
        const StreamHandle stream = streams_[gone.stream].handle();
        BOOST_TEST(device().copy(&read.first, words, 4, stream).ok());
        BOOST_TEST(device().copy(&read.last, words + gone.block.bytes - 4, 4, stream).ok());
        switch (below(3)) {
            case 0:
                pool_.deallocate(gone.block, StreamOrder::on(stream));
                break;
            case 1:
                pool_.deallocate(gone.block, StreamOrder::after_all());
                break;
            default: {  // on another stream, after the block's own work
                streams_[gone.stream].synchronize();
                pool_.deallocate(gone.block, StreamOrder::on(streams_[below(streams_.size())].handle()));
            }
        }
    }

    void check_books() {
        pool_.check_invariants();
        std::size_t bytes = 0;
        for (const auto& [at, entry] : live_) bytes += entry.block.bytes;
        const PoolStatistics books = pool_.statistics();
        BOOST_TEST(books.live_blocks == live_.size());
        BOOST_TEST(books.live_bytes == bytes);
        BOOST_TEST(books.lost_bytes == 0U);
        BOOST_TEST(books.reserved_bytes ==
                   books.live_bytes + books.cached_bytes + books.waiting_bytes + books.idle_bytes);
    }

    Pool& pool_;
    std::vector<Stream>& streams_;
    std::mt19937 random_;
    std::map<std::uintptr_t, Live> live_;
    std::deque<Read> reads_;
    std::uint32_t numbers_ = 0;
};

void run(sim::SimDevice& device, unsigned seed, int stream_count = 3) {
    ChunkPool chunks(device);
    Pool pool(chunks);
    std::vector<Stream> streams;
    for (int i = 0; i < stream_count; ++i) streams.emplace_back(device);
    Model model(pool, streams, seed);
    for (int step = 0; step < 700; ++step) model.step();
    model.finish();
}

sim::SimOptions options(bool virtual_memory, bool device_events) {
    sim::SimOptions made = BalancedSim::small(64 * MiB);  // little enough to run out of
    made.virtual_memory = virtual_memory;
    made.device_events = device_events;
    return made;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(pool_random)

BOOST_AUTO_TEST_CASE(the_books_and_the_bytes_are_right_after_every_step) {
    BalancedSim on(options(true, true));
    for (unsigned seed = 1; seed <= 3; ++seed) run(on.sim, seed);
}

// What is freed is then the one stream's own.
BOOST_AUTO_TEST_CASE(the_same_holds_with_one_stream_alone) {
    BalancedSim on(options(true, true));
    for (unsigned seed = 8; seed <= 12; ++seed) run(on.sim, seed, 1);
}

BOOST_AUTO_TEST_CASE(the_same_holds_without_virtual_memory) {
    BalancedSim on(options(false, true));
    for (unsigned seed = 4; seed <= 6; ++seed) run(on.sim, seed);
    BOOST_TEST(on.sim.calls(Verb::address_reserve) == 0U);
}

BOOST_AUTO_TEST_CASE(the_same_holds_where_the_device_cannot_mark_all_its_work) {
    BalancedSim on(options(true, false));
    run(on.sim, 7);
    BOOST_TEST(on.sim.calls(Verb::event_record_device) == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
