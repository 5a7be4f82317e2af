// SPDX-License-Identifier: Apache-2.0
// What an allocation and a free cost: one thread, many threads, random sizes, frees by another thread and on another
// stream, the first allocation.
//   triune_bench_allocation [--repeat N] [--pairs N] [--window MS] [--json FILE]
// Host time; nothing is queued on the streams. Contestants take turns, in an order that alternates from round to round.
// "limit" is what threads that share nothing reach: processors that share a core or a clock give less than linear.
#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include <triune/base/log.hpp>
#include <triune/base/units.hpp>
#include <triune/device/stream.hpp>

#include "arguments.hpp"
#include "contestant.hpp"
#include "measurements.hpp"
#include "team.hpp"
#include "timing.hpp"

namespace {

using namespace bench;

using std::chrono::milliseconds;
using triune::KiB;
using triune::MiB;

struct Block {
    Contestant::Piece piece;
    std::size_t bytes = 0;
};

// Ends the program where two blocks that are alive at one time share a byte, or one is not aligned as any type may ask
// for: a contestant that is wrong would also be fast.
void expect_apart(const std::string& who, std::vector<Block> blocks) {
    const auto address = [](const Block& block) { return reinterpret_cast<std::uintptr_t>(block.piece.data); };
    std::sort(blocks.begin(), blocks.end(), [&](const Block& a, const Block& b) { return address(a) < address(b); });
    for (std::size_t i = 0; i < blocks.size(); ++i) {
        const bool aligned = address(blocks[i]) != 0 && address(blocks[i]) % alignof(std::max_align_t) == 0;
        if (aligned && (i == 0 || address(blocks[i - 1]) + blocks[i - 1].bytes <= address(blocks[i]))) continue;
        std::fprintf(stderr, "%s: a block at %p is unaligned or overlaps another\n", who.c_str(), blocks[i].piece.data);
        std::exit(1);
    }
}

std::size_t max_threads() {
    return static_cast<std::size_t>(std::clamp(static_cast<int>(std::thread::hardware_concurrency()), 1, 16));
}

// Nanoseconds a pair, of so many pairs.
double pairs(Contestant& contestant, std::size_t bytes, Stream stream, int count) {
    const auto start = Clock::now();
    for (int i = 0; i < count; ++i) contestant.deallocate(contestant.allocate(bytes, stream), bytes, stream);
    return nanoseconds_since(start) / count;
}

// One thread that allocates and frees in no order. Sizes from 1 B to 4 MiB, each power of two as likely as any other;
// the number of blocks alive makes for a goal between 100 and 1000, with detours, and then for the next.
class RandomSizes {
  public:
    RandomSizes(Contestant& contestant, Stream stream) : contestant_(contestant), stream_(stream) {
        live_.reserve(max_live);
        while (live_.size() < least_live) allocate(random_bytes());
    }
    RandomSizes(const RandomSizes&) = delete;
    RandomSizes& operator=(const RandomSizes&) = delete;
    ~RandomSizes() {
        for (const Block& left : live_) contestant_.deallocate(left.piece, left.bytes, stream_);
    }

    // Nanoseconds an operation, of the next so many.
    double nanoseconds(int count) {
        const std::vector<Step> steps = plan(count);
        const auto start = Clock::now();
        for (const Step& step : steps) {
            if (step.bytes > 0) {
                allocate(step.bytes);
            } else {
                contestant_.deallocate(live_[step.victim].piece, live_[step.victim].bytes, stream_);
                live_[step.victim] = live_.back();
                live_.pop_back();
            }
        }
        return nanoseconds_since(start) / count;
    }
    const std::vector<Block>& live() const { return live_; }

  private:
    static constexpr std::size_t least_live = 100;
    static constexpr std::size_t max_live = 1000;

    struct Step {
        std::size_t bytes = 0;  // to allocate; 0: the victim is freed
        std::size_t victim = 0;
    };

    std::size_t random_below(std::size_t end) {
        return std::uniform_int_distribution<std::size_t>(0, end - 1)(random_);
    }
    std::size_t random_bytes() {
        return static_cast<std::size_t>(std::exp2(std::uniform_real_distribution<double>(0, 22)(random_)));
    }
    void allocate(std::size_t bytes) { live_.push_back({contestant_.allocate(bytes, stream_), bytes}); }

    // Drawn before the clock runs.
    std::vector<Step> plan(int count) {
        std::vector<Step> steps;
        std::size_t alive = live_.size();
        for (int i = 0; i < count; ++i) {
            while (alive == goal_) goal_ = least_live + random_below(max_live - least_live + 1);
            const bool detour = random_below(4) == 0;
            const bool more = (alive < goal_) != detour;
            if (alive < max_live && (more || alive == least_live)) {
                steps.push_back({random_bytes(), 0});
                ++alive;
            } else {
                steps.push_back({0, random_below(alive)});
                --alive;
            }
        }
        return steps;
    }

    Contestant& contestant_;
    const Stream stream_;
    std::vector<Block> live_;
    std::size_t goal_ = (least_live + max_live) / 2;
    std::mt19937 random_{1};
};

constexpr std::size_t team_bytes = 4 * KiB;
constexpr std::size_t batch_size = 64;

// Blocks of one stream on their way to the thread that frees them.
struct Batch {
    Stream stream = nullptr;
    std::array<Contestant::Piece, batch_size> pieces;

    void allocate(Contestant& contestant) {
        for (auto& piece : pieces) piece = contestant.allocate(team_bytes, stream);
    }
    void free(Contestant& contestant) const {
        for (const auto& piece : pieces) contestant.deallocate(piece, team_bytes, stream);
    }
};

class Inbox {
  public:
    bool full() {
        const std::lock_guard lock(mutex_);
        return batches_.size() >= max_batches;
    }
    void put(const Batch& batch) {
        const std::lock_guard lock(mutex_);
        batches_.push_back(batch);
    }
    std::optional<Batch> take() {
        const std::lock_guard lock(mutex_);
        if (batches_.empty()) return std::nullopt;
        const Batch oldest = batches_.front();
        batches_.pop_front();
        return oldest;
    }

  private:
    static constexpr std::size_t max_batches = 16;

    std::mutex mutex_;
    std::deque<Batch> batches_;
};

// Million pairs a second of all threads together: each frees what it allocated.
double own_pairs(const Team& team, const Entry& entry, Contestant& contestant, std::size_t count, milliseconds window) {
    const double rate = sum(team.rates(count, window, [&](std::size_t, Stream stream) {
        static_cast<void>(::pairs(contestant, team_bytes, stream, static_cast<int>(batch_size)));
        return batch_size;
    }));
    std::vector<Block> all;
    for (std::size_t i = 0; i < count; ++i) {
        Batch held{team.stream(i), {}};
        held.allocate(contestant);
        for (const auto& piece : held.pieces) all.push_back({piece, team_bytes});
    }
    expect_apart(entry.name, all);
    for (std::size_t i = 0; i < all.size(); ++i) {
        contestant.deallocate(all[i].piece, team_bytes, team.stream(i / batch_size));
    }
    return rate;
}

// The same where each frees what its neighbour allocated, on the neighbour's stream.
double handed_pairs(const Team& team, Contestant& contestant, std::size_t count, milliseconds window) {
    std::vector<Inbox> inboxes(count);
    const double rate = sum(team.rates(count, window, [&](std::size_t thread, Stream stream) -> std::size_t {
        Inbox& neighbour = inboxes[(thread + 1) % count];
        const bool gave = !neighbour.full();
        if (gave) {
            Batch batch{stream, {}};
            batch.allocate(contestant);
            neighbour.put(batch);
        }
        if (const auto mine = inboxes[thread].take()) {
            mine->free(contestant);
            return batch_size;
        }
        if (!gave) std::this_thread::yield();
        return 0;
    }));
    for (Inbox& inbox : inboxes) {
        while (const auto left = inbox.take()) left->free(contestant);
    }
    return rate;
}

// Million rounds a second of all threads together, each of which takes and leaves a lock that is its own alone.
double unshared_rounds(const Team& team, std::size_t count, milliseconds window) {
    struct alignas(128) Own {
        std::atomic_flag taken = ATOMIC_FLAG_INIT;
    };
    std::vector<Own> all_own(count);
    return sum(team.rates(count, window, [&](std::size_t thread, Stream) {
        Own& own = all_own[thread];
        for (std::size_t i = 0; i < 2 * batch_size; ++i) {
            static_cast<void>(own.taken.test_and_set(std::memory_order_acquire));
            own.taken.clear(std::memory_order_release);
        }
        return batch_size;
    }));
}

void measure_limit(const Team& team, milliseconds window, Measurements& results) {
    const double alone = unshared_rounds(team, 1, window);
    for (std::size_t count = 2; count <= max_threads(); count *= 2) {
        const auto many = static_cast<double>(count);
        results.note({"threads, share of linear", "", many, Better::more}, "limit",
                     unshared_rounds(team, count, window) / (many * alone));
    }
}

// Nanoseconds a pair of an allocation on one stream and a free on another, which has waited for the first. Blocks are
// freed in batches, so that memory has time to become free for the first stream again.
double cross_streams(Contestant& contestant, std::size_t bytes, Stream first, Stream second, int count) {
    std::vector<Contestant::Piece> pieces(64);
    const auto start = Clock::now();
    int done = 0;
    for (; done < count; done += static_cast<int>(pieces.size())) {
        for (auto& piece : pieces) piece = contestant.allocate(bytes, first);
        for (auto& piece : pieces) contestant.deallocate(piece, bytes, second);
    }
    return nanoseconds_since(start) / done;
}

void measure(const Entry& entry, const Team& team, int pairs_each, milliseconds window, Measurements& results) {
    const auto note = [&](const Case& what, double value) { results.note(what, entry.name, value); };
    const triune::Stream stream;
    const int few = entry.slow ? std::max(pairs_each / 1000, 20) : pairs_each;
    {
        const auto start = Clock::now();
        const auto contestant = entry.make();
        const auto piece = contestant->allocate(4 * KiB, stream.handle());
        note({"first allocation", "us"}, microseconds_since(start));
        contestant->deallocate(piece, 4 * KiB, stream.handle());
    }
    const auto contestant = entry.make();
    for (const std::size_t bytes : {std::size_t{256}, 4 * KiB, MiB, 16 * MiB}) {
        static_cast<void>(pairs(*contestant, bytes, stream.handle(), few / 10 + 1));
        note({"pair", "ns", static_cast<double>(bytes)}, pairs(*contestant, bytes, stream.handle(), few));
    }
    {
        RandomSizes sizes(*contestant, stream.handle());
        static_cast<void>(sizes.nanoseconds(few));
        note({"random sizes, an operation", "ns"}, sizes.nanoseconds(few));
        expect_apart(entry.name, sizes.live());
    }
    const triune::Stream other;
    static_cast<void>(cross_streams(*contestant, 4 * KiB, stream.handle(), other.handle(), few / 10 + 1));
    note({"freed on another stream", "ns"}, cross_streams(*contestant, 4 * KiB, stream.handle(), other.handle(), few));
    if (entry.slow) return;
    double alone = 0;
    for (std::size_t count = 1; count <= max_threads(); count *= 2) {
        const auto many = static_cast<double>(count);
        const double rate = own_pairs(team, entry, *contestant, count, window);
        if (count == 1) alone = rate;
        note({"threads", "M pairs/s", many, Better::more}, rate);
        if (count == 1) continue;
        note({"threads, share of linear", "", many, Better::more}, rate / (many * alone));
        note({"threads, freed by another", "M pairs/s", many, Better::more},
             handed_pairs(team, *contestant, count, window));
    }
}

}  // namespace

int main(int argc, char** argv) {
    const Arguments arguments(argc, argv, {"--repeat", "--pairs", "--window", "--json"});
    triune::log::set_level(triune::log::Level::error);
    auto entries = contestants();
    Measurements results("allocation");
    const int pairs_each = arguments.number("--pairs", 100000);
    const int rounds = arguments.number("--repeat", 7);
    const milliseconds window(arguments.number("--window", static_cast<int>(usual_window().count())));
    const Team team(max_threads());
    take_turns(rounds, entries, [&](const Entry& entry) { measure(entry, team, pairs_each, window, results); });
    for (int round = 0; round < rounds; ++round) measure_limit(team, window, results);
    results.print();
    results.write_json(arguments.text("--json", ""));
}
