// SPDX-License-Identifier: Apache-2.0
// What an allocation and a free cost: one thread, many threads, random sizes, frees by another thread and on another
// stream, the first allocation.
//   triune_bench_allocation [--repeat N] [--pairs N] [--json FILE]
// Host time; nothing is queued on the streams. Contestants take turns, in an order that alternates from round to round.
// "limit" is what threads that share nothing reach: processors that share a core or a clock give less than linear.
#include <algorithm>
#include <atomic>
#include <barrier>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include <triune/device/stream.hpp>

#include "arguments.hpp"
#include "contestant.hpp"
#include "measurements.hpp"
#include "timing.hpp"

namespace {

using namespace bench;

constexpr std::size_t KiB = 1024;
constexpr std::size_t MiB = 1024 * KiB;

int most_threads() { return std::clamp(static_cast<int>(std::thread::hardware_concurrency()), 1, 16); }

// Nanoseconds a pair, of so many pairs.
double pairs(Contestant& contestant, std::size_t bytes, Stream stream, int count) {
    const auto start = Clock::now();
    for (int i = 0; i < count; ++i) contestant.deallocate(contestant.allocate(bytes, stream), bytes, stream);
    return nanoseconds_since(start) / count;
}

// Nanoseconds an operation: sizes from 1 B to 4 MiB, uniform, between 100 and 1000 blocks alive.
double random_sizes(Contestant& contestant, Stream stream, int count) {
    struct Live {
        Contestant::Piece piece;
        std::size_t bytes;
    };
    std::mt19937 random(1);
    std::uniform_int_distribution<std::size_t> size(1, 4 * MiB);
    std::vector<Live> live;
    std::vector<std::size_t> sizes(4096);
    for (std::size_t& each : sizes) each = size(random);
    std::vector<std::uint32_t> choices(4096);
    for (std::uint32_t& each : choices) each = static_cast<std::uint32_t>(random());
    live.reserve(1000);
    const auto start = Clock::now();
    for (int i = 0; i < count; ++i) {
        const std::uint32_t choice = choices[static_cast<std::size_t>(i) % choices.size()];
        if (live.size() < 100 || (live.size() < 1000 && choice % 2 == 0)) {
            const std::size_t bytes = sizes[static_cast<std::size_t>(i) % sizes.size()];
            live.push_back({contestant.allocate(bytes, stream), bytes});
        } else {
            Live& gone = live[choice / 2 % live.size()];
            contestant.deallocate(gone.piece, gone.bytes, stream);
            gone = live.back();
            live.pop_back();
        }
    }
    const double each = nanoseconds_since(start) / count;
    for (const Live& left : live) contestant.deallocate(left.piece, left.bytes, stream);
    return each;
}

// Million pairs a second of all threads together, each on a stream of its own; with `crossed`, each frees what its
// neighbour allocated, 1024 blocks at a time.
double threads(Contestant& contestant, int count, bool crossed, int pairs_each) {
    constexpr std::size_t bytes = 4 * KiB;
    constexpr std::size_t batch = 1024;
    if (crossed) pairs_each = std::max(pairs_each / static_cast<int>(batch), 1) * static_cast<int>(batch);
    std::vector<triune::Stream> streams;
    for (int i = 0; i < count; ++i) streams.emplace_back();
    std::vector<std::vector<Contestant::Piece>> handed(static_cast<std::size_t>(count));
    std::barrier all(count);
    std::vector<double> seconds(static_cast<std::size_t>(count));
    std::vector<std::thread> running;
    for (std::size_t me = 0; me < static_cast<std::size_t>(count); ++me) {
        running.emplace_back([&, me] {
            const std::size_t neighbour = (me + 1) % static_cast<std::size_t>(count);
            const Stream stream = streams[me].handle();
            const Stream theirs = streams[neighbour].handle();
            handed[me].resize(batch);
            const auto run = [&](int wanted) {
                if (!crossed) return static_cast<void>(::pairs(contestant, bytes, stream, wanted));
                for (int done = 0; done < wanted; done += static_cast<int>(batch)) {
                    for (auto& piece : handed[me]) piece = contestant.allocate(bytes, stream);
                    all.arrive_and_wait();
                    for (auto& piece : handed[neighbour]) contestant.deallocate(piece, bytes, theirs);
                    all.arrive_and_wait();
                }
            };
            run(1000);
            all.arrive_and_wait();
            const auto start = Clock::now();
            run(pairs_each);
            seconds[me] = nanoseconds_since(start) / 1e9;
        });
    }
    for (auto& thread : running) thread.join();
    return count * static_cast<double>(pairs_each) / *std::max_element(seconds.begin(), seconds.end()) / 1e6;
}

// Million rounds a second of all threads together, each of which takes and leaves a lock that is its own alone.
double unshared_threads(int count, int rounds_each) {
    struct alignas(128) Own {
        std::atomic_flag taken = ATOMIC_FLAG_INIT;
        double seconds = 0;
    };
    std::vector<Own> all_own(static_cast<std::size_t>(count));
    std::barrier all(count);
    std::vector<std::thread> running;
    for (Own& own : all_own) {
        running.emplace_back([&] {
            all.arrive_and_wait();
            const auto start = Clock::now();
            for (int i = 0; i < 2 * rounds_each; ++i) {
                static_cast<void>(own.taken.test_and_set(std::memory_order_acquire));
                own.taken.clear(std::memory_order_release);
            }
            own.seconds = nanoseconds_since(start) / 1e9;
        });
    }
    for (auto& thread : running) thread.join();
    const auto slowest = std::max_element(all_own.begin(), all_own.end(),
                                          [](const Own& a, const Own& b) { return a.seconds < b.seconds; });
    return count * static_cast<double>(rounds_each) / slowest->seconds / 1e6;
}

void measure_limit(int rounds_each, Measurements& results) {
    const double alone = unshared_threads(1, rounds_each);
    for (int count = 2; count <= most_threads(); count *= 2) {
        results.note({"threads, share of linear", "", static_cast<double>(count), Better::more}, "limit",
                     unshared_threads(count, rounds_each) / (count * alone));
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

void measure(const Entry& entry, int pairs_each, Measurements& results) {
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
    static_cast<void>(random_sizes(*contestant, stream.handle(), few));
    note({"random sizes, an operation", "ns"}, random_sizes(*contestant, stream.handle(), few));
    const triune::Stream other;
    static_cast<void>(cross_streams(*contestant, 4 * KiB, stream.handle(), other.handle(), few / 10 + 1));
    note({"freed on another stream", "ns"}, cross_streams(*contestant, 4 * KiB, stream.handle(), other.handle(), few));
    if (entry.slow) return;
    double alone = 0;
    for (int count = 1; count <= most_threads(); count *= 2) {
        const auto many = static_cast<double>(count);
        const double rate = threads(*contestant, count, false, few / 2);
        if (count == 1) alone = rate;
        note({"threads", "M pairs/s", many, Better::more}, rate);
        if (count == 1) continue;
        note({"threads, share of linear", "", many, Better::more}, rate / (many * alone));
        note({"threads, freed by another", "M pairs/s", many, Better::more},
             threads(*contestant, count, true, few / 5));
    }
}

}  // namespace

int main(int argc, char** argv) {
    const Arguments arguments(argc, argv, {"--repeat", "--pairs", "--json"});
    auto entries = contestants();
    Measurements results("allocation");
    const int pairs_each = arguments.number("--pairs", 100000);
    const int rounds = arguments.number("--repeat", 7);
    take_turns(rounds, entries, [&](const Entry& entry) { measure(entry, pairs_each, results); });
    for (int round = 0; round < rounds; ++round) measure_limit(10 * pairs_each, results);
    results.print();
    results.write_json(arguments.text("--json", ""));
}
